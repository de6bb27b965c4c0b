namespace ClientFailover.Service.Transport;

/// <summary>What callers may ask for, as far as it can be set up.</summary>
internal sealed class TransportOptions
{
    /// <summary>The shortest failover timeout that a group may have. Default 1 s; greater than zero.</summary>
    public TimeSpan MinimumFailoverTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest failover timeout that a group may have. Default 1 day.</summary>
    public TimeSpan MaximumFailoverTimeout { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The failover timeout of a group that is created without one. Default 1 min; between the two others.</summary>
    public TimeSpan DefaultFailoverTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a session whose stream broke still counts as live: told to adapters. Default 1 s.</summary>
    public TimeSpan ConnectionLossGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest body of a request, or hello of a stream, in bytes. Default 196608 (192 KiB).</summary>
    public int MaxRequestBodySize { get; set; } = 192 * 1024;
}
