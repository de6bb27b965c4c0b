namespace ClientFailover.Client.Collection;

/// <summary>Responsible for pauses between attempts that grow to a limit, each jittered so that adapters do not attempt in step.</summary>
internal sealed class Backoff(TimeSpan least, TimeSpan most)
{
    private TimeSpan? _next;

    /// <summary>The limit.</summary>
    public TimeSpan Most => most;

    /// <summary>The pause before the next attempt: between half and all of what it has grown to.</summary>
    public TimeSpan Next()
    {
        var grown = _next ?? least;
        _next = grown * 2 < most ? grown * 2 : most;
        return grown * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    /// <summary>An attempt succeeded.</summary>
    public void Reset() => _next = null;
}
