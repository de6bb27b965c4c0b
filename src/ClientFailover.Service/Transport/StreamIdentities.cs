using ClientFailover.Service.Groups;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Transport.Adapters;
using ClientFailover.Service.Transport.Services;

namespace ClientFailover.Service.Transport;

/// <summary>
/// Responsible for streams ending with the credential that they were opened with, within a second of it, and for adapters being
/// told in time that theirs expires. One look at all streams a second: a timer for each would be memory for each.
/// </summary>
internal sealed partial class StreamIdentities : IHostedService, IDisposable
{
    /// <summary>How often all streams are looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly OpenLinks _links;
    private readonly OpenWatches _watches;
    private readonly CallerSchemes _schemes;
    private readonly TimeProvider _time;
    private readonly ILogger<StreamIdentities> _log;
    private readonly Lock _checking = new();
    private ITimer? _timer;

    /// <summary>Creates it; it looks from <see cref="StartAsync"/> on.</summary>
    /// <param name="links">The adapters' streams.</param>
    /// <param name="watches">The watches.</param>
    /// <param name="schemes">Know when credentials are withdrawn.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public StreamIdentities(OpenLinks links, OpenWatches watches, CallerSchemes schemes, TimeProvider time, ILogger<StreamIdentities> log) =>
        (_links, _watches, _schemes, _time, _log) = (links, watches, schemes, time, log);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = _time.CreateTimer(_ => Check(), null, Interval, Interval);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Check()
    {
        if (!_checking.TryEnter())
        {
            return;
        }

        try
        {
            _schemes.Refresh();
        }
        catch (Exception e)
        {
            // The next look is a second away; an exception here would end the process. Streams are looked at all the same.
            LogUnexpected(e);
        }

        try
        {
            foreach (var link in _links.All)
            {
                Look(static (all, l) => all.Check(l), link);
            }

            foreach (var watch in _watches.All)
            {
                Look(static (all, w) => all.Check(w), watch);
            }
        }
        finally
        {
            _checking.Exit();
        }
    }

    // One that cannot be looked at must not keep others open.
    private void Look<T>(Action<StreamIdentities, T> check, T stream)
    {
        try
        {
            check(this, stream);
        }
        catch (Exception e)
        {
            LogUnexpected(e);
        }
    }

    private void Check(OpenWatch watch)
    {
        if (watch.Credential!.HasEnded(_time))
        {
            watch.End();
        }
    }

    private void Check(AdapterLink link)
    {
        if (link.Credential is not { } credential || link.HasEnded)
        {
            return;
        }

        if (credential.HasEnded(_time))
        {
            link.End(LinkEnd.CredentialEnded);
        }
        else if (credential is { RenewFrom: { } from, Expires: { } expires } && _time.GetUtcNow() is var now && from <= now)
        {
            link.TellExpiry(expires - now);
        }
    }

    [LoggerMessage(5040, LogLevel.Error, "The credentials of open streams could not be checked; it is tried again in a second")]
    private partial void LogUnexpected(Exception exception);
}
