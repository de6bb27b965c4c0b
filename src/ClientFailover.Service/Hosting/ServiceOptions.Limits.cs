namespace ClientFailover.Service.Hosting;

/// <content>The settings of what callers may leave unfinished.</content>
internal sealed partial record ServiceOptions
{
    /// <summary>
    /// How long the body of a request may take to come, from its first byte that is waited for to its last. Default 30 s; 1 s to 10 min. Not of streams
    /// of messages.
    /// </summary>
    public TimeSpan RequestBodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many bytes of bodies that have not ended are kept for one account at one address. Beyond it the oldest are ended. Default 16777216 (16 MiB);
    /// 1 MiB to 1 GiB, or 0: no limit.
    /// </summary>
    public int MaxUnfinishedBytesPerCaller { get; init; } = 16 * 1024 * 1024;
}
