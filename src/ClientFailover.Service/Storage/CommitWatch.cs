namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for knowing that the disk has not answered for long: a commit that hangs fails with nothing, and nobody would
/// be told. The thread that commits asks; anybody may look.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class CommitWatch(TimeProvider time)
{
    /// <summary>How long an answer may take: far longer than a disk that is well, or another program's short lock.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const long Nothing = long.MinValue;

    private static readonly StoreHealth Hanging = new(false, "the disk has not answered for more than ten seconds");

    private long _asked = Nothing;

    /// <summary>What is wrong: the disk has been asked and does not answer; null: that is not so.</summary>
    public StoreHealth? Finding =>
        Volatile.Read(ref _asked) is var asked && asked != Nothing && time.GetElapsedTime(asked) > Patience ? Hanging : null;

    /// <summary>The disk is asked from now on.</summary>
    /// <returns>Disposed of when it has answered.</returns>
    public Question Ask()
    {
        Volatile.Write(ref _asked, time.GetTimestamp());
        return new Question(this);
    }

    /// <summary>What the disk is asked; disposed of when it has answered.</summary>
    /// <param name="watch">Who watches.</param>
    public readonly struct Question(CommitWatch watch) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => Volatile.Write(ref watch._asked, Nothing);
    }
}
