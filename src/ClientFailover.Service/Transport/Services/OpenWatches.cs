using System.Collections.Concurrent;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Transport.Errors;

namespace ClientFailover.Service.Transport.Services;

/// <summary>
/// Responsible for the streams that are open without being an adapter's (of events, of health, of reflection): how many one
/// caller and one tenant may have, as each of them costs every change of a role a look, and who ends with their credential.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="meter">Counts what they refuse.</param>
internal sealed class OpenWatches(ServiceOptions options, LimitMeter meter)
{
    private readonly ConcurrentDictionary<OpenWatch, bool> _watches = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _ofTenants = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<WatchHolder, int> _ofCallers = [];

    /// <summary>All that can end before their caller ends them.</summary>
    public IEnumerable<OpenWatch> All => _watches.Select(w => w.Key);

    /// <summary>Adds one.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="credential">What it is opened with; null: nothing that could end before it does.</param>
    /// <returns>It; has to be disposed of.</returns>
    /// <exception cref="FailureException">The caller, or its tenant, has as many as it may.</exception>
    public OpenWatch Add(Caller caller, VerifiedCredential? credential)
    {
        var holder = new WatchHolder(caller.Scheme, caller.ObjectId, caller.TenantId);
        lock (_gate)
        {
            Check(_ofCallers.GetValueOrDefault(holder), options.MaxWatchesPerCaller, "caller");
            Check(_ofTenants.GetValueOrDefault(holder.Tenant), options.MaxWatchesPerTenant, "tenant");
            _ofCallers[holder] = _ofCallers.GetValueOrDefault(holder) + 1;
            _ofTenants[holder.Tenant] = _ofTenants.GetValueOrDefault(holder.Tenant) + 1;
        }

        var watch = new OpenWatch(holder, credential, this);
        if (credential is not null)
        {
            _watches[watch] = true;
        }

        return watch;
    }

    /// <summary>Forgets one that has ended.</summary>
    /// <param name="watch">It.</param>
    public void Remove(OpenWatch watch)
    {
        _watches.TryRemove(watch, out _);
        lock (_gate)
        {
            Leave(_ofCallers, watch.Holder);
            Leave(_ofTenants, watch.Holder.Tenant);
        }
    }

    private static void Leave<T>(Dictionary<T, int> counts, T key)
        where T : notnull
    {
        if (--counts[key] == 0)
        {
            counts.Remove(key);
        }
    }

    private void Check(int open, int most, string whose)
    {
        if (most > 0 && open >= most)
        {
            meter.Refused(LimitMeter.Watches);
            throw new FailureException(TenantFailures.TooManyWatches(most, whose));
        }
    }
}

/// <summary>Who has a watch open.</summary>
/// <param name="Scheme">By which scheme.</param>
/// <param name="ObjectId">Its id.</param>
/// <param name="TenantId">Its tenant; null: the service's own.</param>
internal readonly record struct WatchHolder(string Scheme, string ObjectId, string? TenantId)
{
    /// <summary>Its tenant; empty: the service's own.</summary>
    public string Tenant => TenantId ?? "";
}

/// <summary>A watch that is open.</summary>
/// <param name="holder">Whose it is.</param>
/// <param name="credential">What it was opened with.</param>
/// <param name="all">Forgets it.</param>
internal sealed class OpenWatch(WatchHolder holder, VerifiedCredential? credential, OpenWatches all) : IDisposable
{
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Whose it is.</summary>
    public WatchHolder Holder { get; } = holder;

    /// <summary>What it was opened with.</summary>
    public VerifiedCredential? Credential { get; } = credential;

    /// <summary>Cancelled when the credential has ended.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Its credential has ended. What comes of it runs elsewhere: whoever finds that out has others to look at.</summary>
    public void End()
    {
        try
        {
            _ = _ended.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at this moment.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        all.Remove(this);
        _ended.Dispose();
    }
}
