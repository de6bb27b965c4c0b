using System.Threading.Channels;

namespace ClientFailover.Service.Audit;

/// <summary>
/// Responsible for the audit of the service: whoever records waits for nothing, one writer appends to the files, and each
/// entry is in the log, too. Not guaranteed: what was recorded in the moments before a kill or a power cut. What cannot be
/// written, because the disk is full or entries come faster than it takes them, is counted, and the audit says so as soon
/// as it can be written again.
/// </summary>
internal sealed partial class AuditTrail : IAuditTrail, IHostedService, IDisposable
{
    /// <summary>How many entries may wait to be written.</summary>
    public const int Capacity = 4096;

    private const int MostAtOnce = 256;

    private static readonly TimeSpan CleaningInterval = TimeSpan.FromHours(1);

    private readonly Channel<AuditRecord> _waiting = Channel.CreateBounded<AuditRecord>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly AuditFolder _folder;
    private readonly LoggedAuditTrail _logged;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditTrail> _log;
    private Task _writing = Task.CompletedTask;
    private ITimer? _cleaning;
    private long _lost;
    private bool _failing;

    /// <summary>Creates it; entries wait until it is started.</summary>
    /// <param name="folder">The files.</param>
    /// <param name="logged">The log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it says that it cannot write.</param>
    public AuditTrail(AuditFolder folder, LoggedAuditTrail logged, TimeProvider time, ILogger<AuditTrail> log) =>
        (_folder, _logged, _time, _log) = (folder, logged, time, log);

    /// <inheritdoc/>
    public void Record(AuditEntry entry)
    {
        _logged.Record(entry);
        if (!_waiting.Writer.TryWrite(new AuditRecord(_time.GetUtcNow(), entry)))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writing = Task.Run(WriteAsync, CancellationToken.None);
        _cleaning = _time.CreateTimer(static trail => ((AuditTrail)trail!).Clean(), this, TimeSpan.Zero, CleaningInterval);
        return Task.CompletedTask;
    }

    /// <summary>Writes what waits.</summary>
    /// <param name="cancellationToken">Ends the waiting for it.</param>
    /// <returns>Done when it is written.</returns>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (Interlocked.Read(ref _lost) is > 0 and var lost)
        {
            LogLostForGood(lost);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cleaning?.Dispose();

    private async Task WriteAsync()
    {
        var batch = new List<AuditRecord>(MostAtOnce + 1);
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            var lost = Interlocked.Exchange(ref _lost, 0);
            if (lost > 0)
            {
                batch.Add(new AuditRecord(_time.GetUtcNow(), new AuditEntry("audit.write", "-", "NOT_WRITTEN", null, null, $"{lost} entries before this one")));
            }

            while (batch.Count <= MostAtOnce && _waiting.Reader.TryRead(out var record))
            {
                batch.Add(record);
            }

            Write(batch, lost);
        }
    }

    private void Write(List<AuditRecord> batch, long lost)
    {
        try
        {
            _folder.Append(batch);
            if (lost > 0)
            {
                LogRecovered(lost);
            }

            _failing = false;
        }
        catch (Exception e)
        {
            // Whatever it is: an audit that fails must not end the writer, let alone the service.
            Interlocked.Add(ref _lost, lost + batch.Count - (lost > 0 ? 1 : 0));
            if (!_failing)
            {
                LogNotWritten(e.Message);
            }

            _failing = true;
        }
    }

    private void Clean()
    {
        try
        {
            _folder.Clean();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotCleaned(e.Message);
        }
    }
}
