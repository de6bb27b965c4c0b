namespace ClientFailover.Service.Storage;

/// <summary>Responsible for revisions: which is the next, and how many may be told before the database is written again.</summary>
internal sealed class RevisionCounter
{
    private long _saved;
    private long _current;

    /// <summary>The newest. Safe to read by any thread.</summary>
    public long Current => Volatile.Read(ref _current);

    /// <summary>Whether some are left of those that are reserved on disk.</summary>
    public bool HasNext => _current < _saved + GroupWriter.RevisionBlock;

    /// <summary>Goes on from one.</summary>
    /// <param name="revision">The last that may have been told.</param>
    public void Start(long revision) => _saved = _current = revision;

    /// <summary>Takes some.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The first of them.</returns>
    public long Take(int count)
    {
        var first = _current + 1;
        Volatile.Write(ref _current, _current + count);
        return first;
    }

    /// <summary>The database has it, and has reserved those that follow.</summary>
    /// <param name="revision">The newest that is saved.</param>
    public void Saved(long revision) => _saved = revision;
}
