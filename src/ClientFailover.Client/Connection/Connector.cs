using ClientFailover.Client.Connection.Roles;
using ClientFailover.Client.Connection.Sessions;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection;

/// <summary>Responsible for having a link: opens one, lets the session live on it, and opens the next when it has ended. Never gives up.</summary>
/// <param name="opener">Opens links.</param>
/// <param name="roles">Keeps the role.</param>
/// <param name="member">The member.</param>
/// <param name="describe">Says who joins.</param>
/// <param name="time">The clock.</param>
/// <param name="random">From 0 to below 1.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Connector(
    LinkOpener opener, RoleKeeper roles, MemberCalls member, Func<JoinRequest> describe, TimeProvider time, Func<double> random, ILogger logger)
{
    private static readonly TimeSpan LeastWork = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly Pauses _pauses = new(random);
    private volatile LinkSession? _session;
    private volatile TaskCompletionSource<LinkSession?>? _next;
    private bool _replaced;
    private string? _cause;
    private long _lost = time.GetTimestamp();

    /// <summary>How the service is reached now.</summary>
    public ConnectionState State { get; private set; }

    /// <summary>The session that lives now; null: none.</summary>
    public LinkSession? Session => _session;

    /// <summary>The session that lives now; or, if its link was lost a moment ago, the next one.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null: there is none, and the service cannot be reached.</returns>
    public async Task<LinkSession?> FindSessionAsync(CancellationToken cancellation)
    {
        if (_session is { } session)
        {
            return session;
        }

        return _next is { Task: var next } && (next.IsCompleted || time.GetElapsedTime(_lost) < Fresh) ? await next.WaitAsync(cancellation).ConfigureAwait(false) : null;
    }

    /// <summary>Runs until it has left or is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        ILink? link = null;
        while (true)
        {
            link ??= await OpenAsync(cancellation).ConfigureAwait(false);
            var end = await LiveAsync(link, cancellation).ConfigureAwait(false);
            if (end.Left)
            {
                return;
            }

            link = end.Next;
            if (end.Failure is { } failure)
            {
                await RecoverAsync(end, failure, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<ILink> OpenAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            LinkException failure;
            try
            {
                var sent = roles.Now;
                var link = await opener.OpenAsync(describe(), cancellation).ConfigureAwait(false);
                if (link.Kind == ConnectionState.Stream)
                {
                    // A hello is a sign of life; a registration over REST is none.
                    roles.Answered(sent);
                }

                return link;
            }
            catch (LinkException e)
            {
                failure = e;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                LogUnexpected(logger, e);
                failure = new LinkException(LinkFailure.Unreachable, e.Message, e);
            }

            _next?.TrySetResult(null);
            Tell(failure);
            if (opener.Next())
            {
                await Task.Delay(_pauses.AfterRound(failure, roles.FailoverTimeout), time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<SessionEnd> LiveAsync(ILink link, CancellationToken cancellation)
    {
        await using var owned = link.ConfigureAwait(false);
        using var session = new LinkSession(link, roles, member, time, logger) { Answered = Answered };
        using var moved = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var started = time.GetTimestamp();
        (State, _session) = (link.Kind, session);
        _next?.TrySetResult(session);
        var living = session.RunAsync(moved.Token);
        var moving = link.Kind == ConnectionState.Stream ? RenewAsync(session, living, moved.Token)
            : opener.MayUpgrade ? UpgradeAsync(session, moved.Token) : null;
        ILink? next = null;
        try
        {
            if (moving is null || (await Task.WhenAny(living, moving).ConfigureAwait(false) == living && !IsReplacedByItself(session, living)))
            {
                await living.ConfigureAwait(false);
                return new SessionEnd(link.Kind, Left: true);
            }

            if (living.IsCompleted)
            {
                // Replaced by one that is not welcomed yet: who leaves now is to wait for that.
                Lose(session);
                session.Dispose();
            }

            next = await moving.ConfigureAwait(false);
            await moved.CancelAsync().ConfigureAwait(false);
            await Settle(living).ConfigureAwait(false);
            return new SessionEnd(link.Kind) { Next = next };
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            if (e is not LinkException)
            {
                LogUnexpected(logger, e);
            }

            return new SessionEnd(link.Kind)
            {
                Failure = e as LinkException ?? new LinkException(LinkFailure.Unreachable, e.Message, e),
                Worked = session.WasAnswered,
                Lasted = time.GetElapsedTime(started),
            };
        }
        finally
        {
            Lose(session);
            await moved.CancelAsync().ConfigureAwait(false);
            if (moving is not null)
            {
                await Settle(moving).ConfigureAwait(false);
                if (moving.IsCompletedSuccessfully && next is null)
                {
                    // It was had in the moment in which this session ended.
                    await (await moving.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
                }
            }
        }

        void Answered()
        {
            _cause = null;
            LogConnected(logger, link.Kind, opener.Current, time.GetElapsedTime(_lost).TotalSeconds);
        }
    }

    // Once: somebody may wait for the next one already.
    private void Lose(LinkSession session)
    {
        if (_session is not null)
        {
            _next = opener.MayReopen ? new TaskCompletionSource<LinkSession?>(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            _lost = session.WasAnswered ? time.GetTimestamp() : _lost;
            (State, _session) = (ConnectionState.Disconnected, null);
        }
    }

    private async Task RecoverAsync(SessionEnd end, LinkException failure, CancellationToken cancellation)
    {
        if (end.Lasted > Kept)
        {
            _pauses.Kept();
        }

        // One that breaks again and again right after it worked is not to be opened in a hot loop.
        if (end.Worked && (end.Lasted >= LeastWork || end.Lasted >= roles.FailoverTimeout / 3))
        {
            _pauses.Worked();
        }

        switch (failure.Failure)
        {
            case LinkFailure.Replaced:
                // The group counts the other one as this session, so whatever role it has, this process has none.
                LogReplaced(logger, describe().SessionId);
                _replaced = true;
                _next?.TrySetResult(null);
                _ = roles.LoseAsync(RoleKeeper.SessionReplaced);
                break;
            case LinkFailure.SessionGone when end.Kind == ConnectionState.Stream:
                _ = roles.LoseAsync(RoleKeeper.SessionUnregistered);
                break;
            case LinkFailure.ShuttingDown:
                opener.Prefer(failure.Successors);
                break;
            default:
                break;
        }

        if (!_replaced)
        {
            Tell(failure);
        }

        _replaced = false;
        await Task.Delay(_pauses.AfterLoss(end, failure, roles.FailoverTimeout), time, cancellation).ConfigureAwait(false);
    }

    // Once for each cause: an outage may last for days.
    private void Tell(LinkException failure)
    {
        if (_cause != failure.Message)
        {
            _cause = failure.Message;
            LogNoLink(logger, opener.Current, failure.Message, Advice(failure.Failure));
        }
    }

    private static string Advice(LinkFailure failure) => failure switch
    {
        LinkFailure.Unauthenticated => " Check the configured credentials, and that the account exists.",
        LinkFailure.Denied => " The account must be in the role AVEVAFailoverUsers, and the endpoint's path must name a tenant and namespace that it may use.",
        LinkFailure.Refused => " The configuration must be corrected.",
        LinkFailure.NotStream => " Set Transport to Auto or Rest if the stream cannot be had.",
        _ => "",
    };

    private static Task Settle(Task task) =>
        task.ContinueWith(static t => { _ = t.Exception; }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
