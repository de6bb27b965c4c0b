using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for a read that is waited for, and whose result is changed before it is given on: one object for all reads of a connection, for a
/// pipe is read once at a time. An asynchronous method would make one for each.
/// </summary>
internal sealed class RelayedRead : IValueTaskSource<ReadResult>
{
    private readonly Func<ReadResult, ValueTask<ReadResult>> _change;
    private readonly Action _completed;
    private ManualResetValueTaskSourceCore<ReadResult> _core;
    private ConfiguredValueTaskAwaitable<ReadResult>.ConfiguredValueTaskAwaiter _reading;
    private bool _isChanged;

    /// <summary>Creates it.</summary>
    /// <param name="change">What is done with a result; it may take its time.</param>
    public RelayedRead(Func<ReadResult, ValueTask<ReadResult>> change)
    {
        _change = change;
        _completed = Complete;
    }

    /// <summary>Waits for a read. The one before must have been awaited.</summary>
    /// <param name="reading">The read.</param>
    /// <returns>The same, with the result as it was changed.</returns>
    public ValueTask<ReadResult> After(ValueTask<ReadResult> reading)
    {
        _core.Reset();
        _isChanged = false;
        var result = new ValueTask<ReadResult>(this, _core.Version);
        Await(reading);
        return result;
    }

    /// <inheritdoc/>
    public ReadResult GetResult(short token) => _core.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Await(ValueTask<ReadResult> reading)
    {
        _reading = reading.ConfigureAwait(false).GetAwaiter();
        _reading.UnsafeOnCompleted(_completed);
    }

    private void Complete()
    {
        ReadResult result;
        try
        {
            result = _reading.GetResult();
            if (!_isChanged)
            {
                _isChanged = true;
                var changing = _change(result);
                if (!changing.IsCompletedSuccessfully)
                {
                    Await(changing);
                    return;
                }

                result = changing.Result;
            }
        }
        catch (Exception e)
        {
            _core.SetException(e);
            return;
        }

        _core.SetResult(result);
    }
}
