using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport.Authorization;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Rest;
using ClientFailover.Service.Transport.Validation;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Services;

/// <summary>Responsible for the calls about what happened and what happens: maps, asks the store or the watch, maps.</summary>
/// <param name="directory">Knows which groups there are.</param>
/// <param name="store">Keeps the history.</param>
/// <param name="watch">Follows the changes.</param>
/// <param name="tenants">Tells why a watch ends.</param>
/// <param name="rates">Count long answers for what they are.</param>
/// <param name="answers">Count what is not read.</param>
/// <param name="lifetime">Tells when the service stops: a watch would never end by itself.</param>
internal sealed class EventService(
    IGroupDirectory directory,
    IGroupStore store,
    IGroupWatch watch,
    TenantDirectory tenants,
    RequestRates rates,
    UnreadAnswers answers,
    IHostApplicationLifetime lifetime) : V1.EventService.EventServiceBase
{
    /// <inheritdoc/>
    public override async Task<V1.ListEventsResponse> ListEvents(V1.ListEventsRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, request.GroupId, "groupId", "group_id");
        var (skip, count) = PageRules.Read(
            ref violations, request.HasSkip ? request.Skip : null, request.HasCount ? request.Count : null);
        violations.ThrowIfAny();

        var group = directory.Find(new GroupKey(request.TenantId, request.NamespaceId, request.GroupId))?.Configuration
            ?? throw new FailureException(Failures.Of(new Refusal(RefusalKind.GroupNotFound), request.GroupId));
        var page = await store.ReadHistoryAsync(
            new GroupKey(request.TenantId, request.NamespaceId, group.Id), skip, count, context.CancellationToken);
        var http = context.GetHttpContext();
        await answers.AddAsync(http, UnreadAnswers.SizeOfEvents(page.Entries.Count));
        rates.Charge(http, page.Entries.Count);
        var response = new V1.ListEventsResponse { TotalCount = page.TotalCount };
        response.Events.AddRange(page.Entries.Select(e => e.ToWire(group.Id)));
        context.AnswerTotalCount(page.TotalCount);
        return response;
    }

    /// <inheritdoc/>
    public override async Task WatchEvents(
        V1.WatchEventsRequest request, IServerStreamWriter<V1.WatchEventsResponse> responseStream, ServerCallContext context)
    {
        var violations = default(Violations);
        if (request.HasGroup)
        {
            IdRules.Check(ref violations, request.Group, "group", "group");
        }

        if (request.After < 0)
        {
            violations.Add("after", "after", "must be 0 or more");
        }

        violations.ThrowIfAny();

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var updates = watch.WatchAsync(
            request.TenantId,
            request.NamespaceId,
            request.HasGroup ? request.Group : null,
            request.HasAfter ? request.After : null,
            context.Caller(),
            ended.Token);
        var http = context.GetHttpContext();
        var (items, bytes) = (0, 0L);
        await foreach (var update in updates)
        {
            if (update.Kind == WatchUpdateKind.Denied)
            {
                throw new FailureException(
                    tenants.Find(request.TenantId, request.NamespaceId) is null
                        ? Failures.NamespaceDenied
                        : Failures.AccessDenied(request.HasGroup ? request.Group : "", AccessRights.Read));
            }

            using var part = update.State is { } state ? await BeginAsync(state) : null;
            await responseStream.WriteAsync(update.ToWire(), ended.Token);
        }

        // A watch that only ends when it is told to must not look like a complete answer.
        throw new OperationCanceledException(ended.Token);

        ValueTask<IDisposable?> BeginAsync(GroupView state)
        {
            items += 1 + state.Sessions.Count;
            bytes += UnreadAnswers.SizeOf(state.Configuration.AdditionalData) + state.Sessions.Sum(s => UnreadAnswers.SizeOf(s.AdditionalData));
            if (items >= RequestRates.ItemsPerRequest || bytes >= RequestRates.BytesPerRequest)
            {
                rates.Charge(http, items, bytes: bytes);
                (items, bytes) = (items % RequestRates.ItemsPerRequest, bytes % RequestRates.BytesPerRequest);
            }

            return answers.BeginAsync(http, UnreadAnswers.SizeOf(state));
        }
    }
}
