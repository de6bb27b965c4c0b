namespace ClientFailover.Service.Hosting;

/// <content>The settings of what callers may leave unfinished, or go on failing with.</content>
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

    /// <summary>
    /// How long an answer may take to be read, and a second more for each MiB of it, before its call is ended. Default 30 s; 1 s to 10 min. Of
    /// answers of a few KiB or less that is not seen to.
    /// </summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many bytes of answers that are being made or read one account at one address may have. Beyond it lists and the states that watches begin with
    /// are refused; one alone may be longer. AdditionalData counts eight times. Default 16777216 (16 MiB); 1 MiB to 1 GiB, or 0: no limit.
    /// </summary>
    public int MaxUnreadBytesPerCaller { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// How many heartbeats of one connection may fail in a row before the answers to more that fail wait, 0.1 s more each time up to 1 s; the connection
    /// is cut when more than 256 wait. Default 10; 0 to 1000000; 0: they never wait.
    /// </summary>
    public int FailedHeartbeatsAtOnce { get; init; } = 10;
}
