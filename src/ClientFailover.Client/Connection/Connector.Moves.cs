using ClientFailover.Client.Connection.Sessions;

namespace ClientFailover.Client.Connection;

/// <summary>How a session moves to another link while its first one still works.</summary>
internal sealed partial class Connector
{
    private static readonly TimeSpan UpgradeInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(3);

    // Half of what the service waits for a sign of life after a stream broke: late enough that it has seen the break, early enough for the
    // least gap between two beats.
    private static readonly TimeSpan BreakSeen = TimeSpan.FromSeconds(0.5);

    private async Task<ILink> UpgradeAsync(LinkSession session, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(UpgradeInterval, time, cancellation).ConfigureAwait(false);
            try
            {
                return await opener.UpgradeAsync(describe(), cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogStillRest(logger, e.Message);
            }

            // A hello may have reached the service though no welcome came: to it the session's stream has broken, and the next regular beat
            // over REST may come after it has counted the session as lost.
            await Task.Delay(BreakSeen, time, cancellation).ConfigureAwait(false);
            session.ReportSoon();
        }
    }

    // The one before stays open meanwhile, so that the session is never without a stream.
    private async Task<ILink> RenewAsync(LinkSession session, Task living, CancellationToken cancellation)
    {
        await session.Expiring.WaitAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            Exception failure;
            try
            {
                return await opener.RenewAsync(describe(), cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogNotRenewed(logger, e.Message.ReplaceLineEndings(" "));
                failure = e;
            }

            await Task.WhenAny(living, Task.Delay(RenewalInterval, time, cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (living.IsCompleted)
            {
                // The hello reached the service, which ended the one before, but no welcome came: the session has no stream at all.
                throw new LinkException(LinkFailure.Unreachable, failure.Message, failure);
            }
        }
    }

    // The service ends a stream as replaced before the one that takes its place is welcomed.
    private static bool IsReplacedByItself(LinkSession session, Task living) =>
        session.Expiring.IsCompleted && living.Exception?.InnerException is LinkException { Failure: LinkFailure.Replaced };
}
