namespace ClientFailover.Client;

/// <summary>What a component tells its adapter. Safe for use by any thread.</summary>
public interface IComponentContext
{
    /// <summary>
    /// Says which streams the component collects: they weigh the score, and LastDataProcessedTime waits for the slowest of them.
    /// A call replaces the earlier selection.
    /// </summary>
    /// <param name="streams">Ids, unique in the adapter; at least one.</param>
    void SelectStreams(IEnumerable<string> streams);

    /// <summary>A value was collected. Returns at once; buffering and egress happen elsewhere.</summary>
    /// <param name="stream">Id of a selected stream.</param>
    /// <param name="sourceTime">When it was so at the source. Within a stream it does not go back; with <see cref="FailoverOptions.SourceTimestamps"/> it grows.</param>
    /// <param name="payload">The value, in a form that the egress understands. Must not be changed after the call.</param>
    /// <exception cref="ArgumentException">The stream is not selected, or the payload is larger than 1 MiB.</exception>
    void Publish(string stream, DateTimeOffset sourceTime, ReadOnlyMemory<byte> payload);

    /// <summary>
    /// Nothing up to this time is still to come on any stream of the component. To be called where streams may be silent
    /// for long, and only when the source has shown that it is there (a completed poll, an answered ping): the other
    /// adapters forget what lies before.
    /// </summary>
    /// <param name="upTo">The time, of the source's clock if the adapter reports timestamps of its sources.</param>
    void Progress(DateTimeOffset upTo);

    /// <summary>How much of its streams the component reaches while it collects. 100 until it says otherwise.</summary>
    /// <param name="score">0 to 100, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    void ReportScore(float score);

    /// <summary>
    /// After a loss of the source, or a start: everything that was missed meanwhile has been published, as by a broker that kept it.
    /// Without this call the adapter hands its role over to one that did not miss it; after a start it counts little for one timeout.
    /// </summary>
    void CaughtUp();
}
