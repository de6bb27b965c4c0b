using System.Threading.Channels;
using ClientFailover.Samples.OmfReceiver.Omf;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Samples.OmfReceiver.Storage;

/// <summary>What a piece of work gives once it is committed.</summary>
/// <param name="Result">What it answers.</param>
/// <param name="Committed">What to do with what is in memory.</param>
internal sealed record Written<T>(T Result, Action Committed);

/// <summary>
/// Responsible for the one thread that writes: all work that waits goes into one transaction, so that one write to the disk
/// serves many messages, and nobody is answered before it is there.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private const int MostTogether = 64;

    private readonly Channel<Work> _waiting = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly Task _running;

    /// <summary>Takes over the connection.</summary>
    public Writer(SqliteConnection connection)
    {
        _connection = connection;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Does the work, and completes when it is on disk.</summary>
    /// <param name="write">Writes; must check before it writes anything, since what it throws undoes nothing.</param>
    /// <param name="defines">Whether later work must see what it leaves in memory: then it is the last of its transaction.</param>
    public Task<T> RunAsync<T>(Func<Written<T>> write, bool defines)
    {
        var work = new Work<T>(write, defines);
        return _waiting.Writer.TryWrite(work) ? work.Task : throw new ObjectDisposedException(nameof(Writer));
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _running;
        await _connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var together = new List<Work>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            together.Clear();
            try
            {
                Run("BEGIN IMMEDIATE");
                var more = true;
                while (more && _waiting.Reader.TryRead(out var work))
                {
                    together.Add(work);
                    work.Write();
                    more = !work.Defines && together.Count < MostTogether;
                }

                Run("COMMIT");
            }
            catch (SqliteException exception)
            {
                Run("ROLLBACK");
                together.ForEach(work => work.Fail(exception));
                continue;
            }

            together.ForEach(work => work.Complete());
        }
    }

    private void Run(string statement)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = statement;
        try
        {
            command.ExecuteNonQuery();
        }
        catch (SqliteException) when (statement == "ROLLBACK")
        {
            // After some errors SQLite has rolled back by itself.
        }
    }

    private abstract class Work(bool defines)
    {
        public bool Defines { get; } = defines;

        public abstract void Write();

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Work<T>(Func<Written<T>> write, bool defines) : Work(defines)
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Written<T>? _written;

        public Task<T> Task => _done.Task;

        public override void Write()
        {
            try
            {
                _written = write();
            }
            catch (RefusedException refusal)
            {
                _done.TrySetException(refusal);
            }
        }

        public override void Complete()
        {
            _written?.Committed();
            _done.TrySetResult(_written is null ? default! : _written.Result);
        }

        public override void Fail(Exception exception) => _done.TrySetException(exception);
    }
}
