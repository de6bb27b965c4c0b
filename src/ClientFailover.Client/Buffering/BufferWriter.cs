using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for when something goes to the disk: when the tail is written, when it is flushed. One loop does it all; nobody who adds
/// values waits for it.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="chunks">Writes chunks.</param>
/// <param name="options">The limits.</param>
/// <param name="queue">The chunks.</param>
/// <param name="drops">Is told what is dropped.</param>
/// <param name="time">The time.</param>
/// <param name="log">The log.</param>
internal sealed partial class BufferWriter(
    BufferFile file, ChunkWriter chunks, BufferOptions options, ChunkQueue queue, DropReport drops, TimeProvider time, ILogger log)
{
    // What was there at one tick and still is at the next is written: 100 to 200 ms after it came, which leaves 50 ms for the disk.
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(100);

    // With the 200 ms before it, everything is flushed within a second.
    private static readonly TimeSpan UpkeepPeriod = TimeSpan.FromMilliseconds(750);

    /// <summary>With so much in memory it is written without waiting for a tick.</summary>
    private const long HurryBytes = 8 << 20;

    private readonly ClockJumps _jumps = new(time);
    private readonly BufferDisk _disk = new(file, chunks, queue, log);
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });
    private ITimer? _tick;
    private ITimer? _upkeep;
    private Task _loop = Task.CompletedTask;
    private bool _isTickSet;
    private bool _isInHurry;

    private enum Kind
    {
        Tick,
        Upkeep,
        Flush,
        Nothing,
    }

    /// <summary>Whether the disk cannot be written.</summary>
    public bool IsInTrouble => _disk.IsInTrouble;

    /// <summary>Takes up what an earlier run left, and begins.</summary>
    /// <exception cref="BufferInUseException">Another process has the folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The account may not write there.</exception>
    public void Open()
    {
        _disk.Open();
        _tick = time.CreateTimer(_ => _requests.Writer.TryWrite(new(Kind.Tick)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _upkeep = time.CreateTimer(_ => _requests.Writer.TryWrite(new(Kind.Upkeep)), null, UpkeepPeriod, Timeout.InfiniteTimeSpan);
        lock (queue.Sync)
        {
            _isTickSet = queue.FirstUnwritten() is not null;
            if (_isTickSet)
            {
                _tick.Change(TickPeriod, Timeout.InfiniteTimeSpan);
            }
        }

        _loop = Task.Run(RunAsync);
    }

    /// <summary>Something was added. The queue's lock is held.</summary>
    public void Appended()
    {
        if (!_isTickSet && _tick is not null)
        {
            _isTickSet = true;
            _tick.Change(TickPeriod, Timeout.InfiniteTimeSpan);
        }

        if (queue.PendingBytes >= HurryBytes && !_isInHurry && !IsInTrouble)
        {
            _isInHurry = true;
            _requests.Writer.TryWrite(new(Kind.Tick));
        }
    }

    /// <summary>Writes and flushes everything.</summary>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="IOException">The disk cannot be written, or the buffer is not open.</exception>
    public Task FlushAsync() => _tick is null
        ? Task.FromException(new IOException($"The buffer {file.Path} cannot be written: it is not open."))
        : AskAsync(Kind.Flush);

    /// <summary>Waits for everything that was to be done up to now.</summary>
    /// <returns>A task that ends when it is done.</returns>
    public Task SettledAsync() => AskAsync(Kind.Nothing);

    /// <summary>Writes and flushes what it can, and gives everything up.</summary>
    /// <returns>A task that ends when it is done.</returns>
    public async ValueTask StopAsync()
    {
        if (_tick is not null)
        {
            try
            {
                await FlushAsync().ConfigureAwait(false);
            }
            catch (IOException e)
            {
                LogLost(queue.CountUnwritten(), file.Path, e);
            }

            _tick.Dispose();
            _upkeep?.Dispose();
            _requests.Writer.TryComplete();
            await _loop.ConfigureAwait(false);
        }

        file.Dispose();
    }

    private async Task AskAsync(Kind kind)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_requests.Writer.TryWrite(new(kind, done)))
        {
            await done.Task.ConfigureAwait(false);
        }
    }

    private async Task RunAsync()
    {
        await foreach (var (kind, done) in _requests.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                Serve(kind);
                done?.TrySetResult();
            }
            catch (Exception e)
            {
                if (done?.TrySetException(e) != true)
                {
                    LogFailed(e);
                }
            }
        }
    }

    private void Serve(Kind kind)
    {
        switch (kind)
        {
            case Kind.Tick:
                Tick();
                break;
            case Kind.Upkeep:
                try
                {
                    Keep();
                }
                finally
                {
                    _upkeep!.Change(UpkeepPeriod, Timeout.InfiniteTimeSpan);
                }

                break;
            case Kind.Flush:
                Flush();
                break;
            default:
                break;
        }
    }

    private void Tick()
    {
        bool isDue;
        lock (queue.Sync)
        {
            isDue = queue.Age() || _isInHurry;
        }

        if (isDue)
        {
            _disk.TryWrite(store => chunks.WriteUnwritten(store));
        }

        lock (queue.Sync)
        {
            _isInHurry = false;
            _isTickSet = queue.FirstUnwritten() is not null;
            if (_isTickSet)
            {
                _tick!.Change(TickPeriod, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Keep()
    {
        chunks.DropOld(_jumps, options.MaxAge);
        _disk.Recover();
        _disk.TryWrite(store => chunks.Keep(store));
        drops.Tell();
    }

    private void Flush()
    {
        _disk.Recover();
        _disk.TryWrite(store =>
        {
            chunks.WriteUnwritten(store);
            chunks.WriteRemovals(store);
            chunks.Keep(store);
        });
        drops.Tell(atOnce: true);
        if (_disk.Trouble is { } trouble)
        {
            throw new IOException($"The buffer {file.Path} cannot be written: {trouble}.");
        }
    }

    private readonly record struct Request(Kind Kind, TaskCompletionSource? Done = null);
}
