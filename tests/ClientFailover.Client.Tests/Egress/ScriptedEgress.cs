using System.Threading.Channels;

namespace ClientFailover.Client.Tests.Egress;

/// <summary>A destination that the test answers for.</summary>
internal sealed class ScriptedEgress : IEgress
{
    private readonly Channel<Batch> _batches = Channel.CreateUnbounded<Batch>();

    /// <summary>The next batch that was sent.</summary>
    public async Task<Batch> NextAsync() => await _batches.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Patience);

    public Task SendAsync(IReadOnlyList<DataItem> items, EgressContext context, CancellationToken cancellation)
    {
        var batch = new Batch([.. items], context, cancellation);
        _batches.Writer.TryWrite(batch);
        return batch.Answer.Task.WaitAsync(cancellation);
    }

    internal sealed record Batch(IReadOnlyList<DataItem> Items, EgressContext Context, CancellationToken Cancellation)
    {
        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IEnumerable<double> Seconds => Items.Select(i => (i.SourceTime - EgressRig.At(0)).TotalSeconds);

        public void Take() => Answer.SetResult();

        public void Fail(Exception? error = null) => Answer.SetException(error ?? new IOException("no"));
    }
}
