using System.Collections.Concurrent;
using ClientFailover.Client;
using ClientFailover.Samples.Omf;

namespace ClientFailover.Samples.Tests.Sources;

/// <summary>What a component told its adapter.</summary>
internal sealed class RecordingContext : IComponentContext
{
    private readonly ConcurrentQueue<(string Stream, DateTimeOffset Time, Measurement Measurement)> _published = new();
    private int _caughtUp;

    public IReadOnlyCollection<(string Stream, DateTimeOffset Time, Measurement Measurement)> Published => _published;

    public IReadOnlyList<string> Streams { get; private set; } = [];

    public DateTimeOffset? LastProgress { get; private set; }

    public float Score { get; private set; } = 100;

    public int CaughtUpCalls => _caughtUp;

    public IEnumerable<long> Sequences(string stream) =>
        _published.Where(item => item.Stream == stream).Select(item => item.Measurement.Sequence);

    public void SelectStreams(IEnumerable<string> streams) => Streams = [.. streams];

    public void Publish(string stream, DateTimeOffset sourceTime, ReadOnlyMemory<byte> payload)
    {
        Measurement.TryRead(payload.Span, out var measurement);
        _published.Enqueue((stream, sourceTime, measurement));
    }

    public void Progress(DateTimeOffset upTo) => LastProgress = upTo;

    public void ReportScore(float score) => Score = score;

    public void CaughtUp() => Interlocked.Increment(ref _caughtUp);
}
