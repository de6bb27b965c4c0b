using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport.Authorization;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Namespaces;
using ClientFailover.Service.Transport.Services;
using ClientFailover.Service.Transport.Validation;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>Responsible for the adapter stream: hello makes the group and the session, then messages go to their owner.</summary>
/// <param name="directory">Knows who owns a group.</param>
/// <param name="scope">Settles the namespace.</param>
/// <param name="access">Holds adapters to the access control lists.</param>
/// <param name="rules">What may be asked of a group.</param>
/// <param name="open">Knows every open stream.</param>
/// <param name="broken">Tells a broken network from broken adapters.</param>
/// <param name="replies">Messages to answer with.</param>
/// <param name="failures">Tells what callers are told.</param>
/// <param name="heartbeats">Counts heartbeats.</param>
/// <param name="streams">Counts streams.</param>
/// <param name="options">What adapters are told.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class AdapterService(
    IGroupDirectory directory,
    NamespaceScope scope,
    AccessCheck access,
    GroupRules rules,
    OpenLinks open,
    BrokenLinks broken,
    ReplyPool replies,
    CallFailures failures,
    HeartbeatMeter heartbeats,
    StreamMeter streams,
    IOptions<TransportOptions> options,
    TimeProvider time,
    ILogger<AdapterService> logger) : V1.AdapterService.AdapterServiceBase
{
    private const string EncodingHeader = "grpc-encoding";

    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FinishTimeout = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async Task Connect(
        IAsyncStreamReader<V1.AdapterMessage> requestStream, IServerStreamWriter<V1.ServiceMessage> responseStream, ServerCallContext context)
    {
        try
        {
            // The hello is not kept: a stream lives for months, and there are many.
            var http = context.GetHttpContext();
            var caller = context.Caller();
            var requests = new AdapterMessages(http.Request.BodyReader, options.Value.MaxRequestBodySize, http.Request.Headers[EncodingHeader]);
            var (owner, sessionId, hello) = await PrepareAsync(requests, caller, http);
            var opened = time.GetTimestamp();
            using var link = new AdapterLink(responseStream, http.Request.BodyReader, replies) { Owner = owner, Principal = http.User as CallerPrincipal };
            var reader = new AdapterReader(owner, sessionId, link, heartbeats.Stream, time);
            open.Add(link);
            try
            {
                // Again, now that a list which changes would find the stream: it may have changed since the hello.
                access.Require(caller, owner.Key, OpenLinks.Needed);
                Welcome(owner, sessionId, hello, link);
                await reader.ReadAsync(requests);
            }
            catch (Exception e) when (
                e is (IOException and not InvalidProtocolBufferException) or OperationCanceledException && !link.HasEnded)
            {
                reader.BrokenByPeer = true;
            }
            catch (InvalidOperationException) when (!link.HasEnded && context.CancellationToken.IsCancellationRequested)
            {
                // The same, but the peer went while a message was handled and not while one was awaited.
                reader.BrokenByPeer = true;
            }
            finally
            {
                open.Remove(link);
                streams.Ended(link, reader);
                owner.CloseLink(sessionId, link, reader.BrokenByPeer);
                if (reader.BrokenByPeer)
                {
                    StreamResets.Broke(context.GetHttpContext(), time.GetElapsedTime(opened));
                    broken.Broke(owner, sessionId, open.Count, open.CountOf);
                }

                await FinishAsync(link, reader.BrokenByPeer);
            }

            ThrowIfEnded(link, owner, sessionId);
        }
        catch (Exception e)
        {
            throw failures.Translate(e, context);
        }
    }

    private static void ThrowIfEnded(AdapterLink link, IGroupOwner owner, string sessionId)
    {
        if (link.HasEnded)
        {
            throw new FailureException(link.EndReason switch
            {
                LinkEnd.Replaced => Failures.StreamReplaced,
                LinkEnd.AccessDenied => Failures.AccessDenied(owner.Key.Group, OpenLinks.Needed),
                LinkEnd.CredentialEnded => Failures.CredentialEnded,
                LinkEnd.SessionDeleted => Failures.Of(new Refusal(RefusalKind.SessionNotFound), owner.Key.Group, sessionId),
                _ => Failures.Stopping,
            });
        }
    }

    private static void ThrowIfLimited(ChangeResult result)
    {
        if (result.Limit is { } limit)
        {
            throw new LimitReachedException(limit);
        }
    }

    private async Task<V1.Hello> ReadHelloAsync(AdapterMessages requests, HttpContext http)
    {
        using var patience = new CancellationTokenSource(HelloTimeout, time);
        try
        {
            V1.AdapterMessage? first = null;
            while (first is null && !requests.HasEnded)
            {
                first = requests.Take(await requests.ReadAsync(patience.Token));
            }

            return first?.Hello ?? throw new FailureException(Failures.OutOfOrder("Its first message was not hello."));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new FailureException(Failures.OutOfOrder($"It did not send hello within {HelloTimeout.TotalSeconds} s."));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            StreamResets.Broke(http, TimeSpan.Zero);
            throw;
        }
    }

    /// <summary>
    /// Makes sure that the group and the session exist. What a group is was fixed when it was created: the welcome says it.
    /// Does not watch the call's cancellation, which would hold memory for the whole life of the stream: reading ends with the
    /// connection by itself, and a change in seconds.
    /// </summary>
    private async Task<(IGroupOwner Owner, string SessionId, LinkHello Hello)> PrepareAsync(
        AdapterMessages requests, Caller caller, HttpContext http)
    {
        var hello = await ReadHelloAsync(requests, http);
        scope.Apply(hello, caller).TakeRequest();
        var violations = default(Violations);
        var create = rules.Read(ref violations, hello.Group, "hello.group");
        var register = SessionRules.Read(ref violations, hello);
        violations.ThrowIfAny();

        var key = new GroupKey(hello.TenantId, hello.NamespaceId, create.Group.Id);
        access.Require(caller, access.GroupOrCollection(key), OpenLinks.Needed);
        var owner = directory.FindOrAdd(key);
        if (owner.Configuration is null)
        {
            ThrowIfLimited(await owner.ChangeAsync(create, CancellationToken.None));
        }

        var registered = await owner.EnsureSessionAsync(register, CancellationToken.None);
        ThrowIfLimited(registered);
        if (registered.Refusal is { } refusal)
        {
            throw new FailureException(Failures.Of(refusal, create.Group.Id, hello.SessionId));
        }

        var stepDown = hello.OnServiceLost == V1.OnServiceLost.StepDown;
        long? term = hello.HasLastKnownTerm ? hello.LastKnownTerm : null;
        LogConnects(owner.Key, hello);
        return (owner, hello.SessionId, new LinkHello(term, stepDown, hello.SourceTimestamps));
    }

    private void Welcome(IGroupOwner owner, string sessionId, LinkHello hello, AdapterLink link)
    {
        var result = owner.OpenLink(sessionId, link, hello);
        if (result.Refusal is { } refusal || owner.Configuration is not { } group)
        {
            throw new FailureException(Failures.Of(
                result.Refusal ?? new Refusal(RefusalKind.GroupNotFound), owner.Key.Group, sessionId));
        }

        var reply = result.Reply!.Value;
        var welcome = new V1.Welcome
        {
            Group = group.ToWire(),
            HeartbeatInterval = Duration.FromTimeSpan(group.FailoverTimeout / 3),
            Role = (V1.Role)reply.Role,
            Term = reply.Term,
            LastDataProcessedTime = WireMap.ToTimestamp(reply.LastDataProcessedTime),
            ConnectionLossGrace = Duration.FromTimeSpan(options.Value.ConnectionLossGrace),
            ServiceVersion = VersionService.Version,
        };
        link.Start(welcome, result.Sequence);
    }

    private async Task FinishAsync(AdapterLink link, bool peerIsGone)
    {
        if (peerIsGone)
        {
            return;
        }

        try
        {
            await link.FinishAsync().WaitAsync(FinishTimeout, time);
        }
        catch (TimeoutException)
        {
            // An adapter that does not read cannot be told more.
        }
    }
}
