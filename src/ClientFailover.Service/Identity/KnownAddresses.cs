using System.Net;
using System.Text.Json;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for knowing from where each account has been used: whoever guesses passwords from elsewhere must not lock out who was
/// there before. Kept in a file, as a restart is when all adapters log on at once. An address that is not used goes after
/// some months, the longest unused ones go when there are too many.
/// </summary>
internal sealed partial class KnownAddresses : IDisposable
{
    /// <summary>Its name in the data directory.</summary>
    public const string FileName = "known-addresses.json";

    /// <summary>How many are kept.</summary>
    public const int Capacity = 10_000;

    /// <summary>How many are kept of one account: whoever has its password must not push out those of others.</summary>
    public const int PerName = 1_000;

    /// <summary>How long one is kept that is not used.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    // A fleet that logs on for the first time is written once.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private readonly string? _path;
    private readonly TimeProvider _time;
    private readonly ILogger<KnownAddresses> _log;
    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly Dictionary<string, Dictionary<IPAddress, DateOnly>> _known = [];
    private readonly ITimer _timer;
    private int _count;
    private bool _isChanged;

    /// <summary>Reads what is kept.</summary>
    /// <param name="data">Where it is kept; null: nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public KnownAddresses(DataDirectory? data, TimeProvider time, ILogger<KnownAddresses> log)
    {
        (_path, _time, _log) = (data?.File(FileName), time, log);
        Restore();
        _timer = time.CreateTimer(static all => ((KnownAddresses)all!).Save(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many are known.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    private DateOnly Today => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

    /// <summary>Whether an account has been used from somewhere.</summary>
    /// <param name="name">The account, in upper case and without domain.</param>
    /// <param name="network">Where: see <see cref="CallerNetwork"/>.</param>
    /// <returns>Whether it has.</returns>
    public bool Contains(string name, IPAddress network)
    {
        lock (_gate)
        {
            return _known.TryGetValue(name, out var addresses) && addresses.ContainsKey(network);
        }
    }

    /// <summary>An account was used, with its password.</summary>
    /// <param name="name">The account, in upper case and without domain.</param>
    /// <param name="network">From where.</param>
    public void Add(string name, IPAddress network)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(name, out var addresses) && addresses.TryGetValue(network, out var day) && day == Today)
            {
                return;
            }

            Keep(name, network, Today);
            if (!_isChanged)
            {
                _isChanged = true;
                _timer.Change(Settling, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Writes what has not been written.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Save();
    }

    private void Keep(string name, IPAddress network, DateOnly day)
    {
        if (!_known.TryGetValue(name, out var addresses))
        {
            _known[name] = addresses = [];
        }

        if (addresses.TryAdd(network, day))
        {
            _count++;
        }

        addresses[network] = day;
        if (addresses.Count > PerName)
        {
            Forget(name, addresses);
        }

        if (_count > Capacity)
        {
            var (oldest, its) = _known.MinBy(k => k.Value.Values.Min());
            Forget(oldest, its);
        }
    }

    private void Forget(string name, Dictionary<IPAddress, DateOnly> addresses)
    {
        addresses.Remove(addresses.MinBy(a => a.Value).Key);
        _count--;
        if (addresses.Count == 0)
        {
            _known.Remove(name);
        }
    }

    private void Restore()
    {
        if (_path is null || !File.Exists(_path))
        {
            return;
        }

        try
        {
            var oldest = Today.AddDays(-(int)Retention.TotalDays);
            foreach (var entry in JsonSerializer.Deserialize<List<Entry>>(File.ReadAllBytes(_path)) ?? [])
            {
                if (entry is { Name: { } name, Network: { } text } && IPAddress.TryParse(text, out var network) && entry.Day >= oldest)
                {
                    Keep(name, network, entry.Day);
                }
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // No reason not to start: it is known again with the next logons.
            LogNotRead(_path, e.Message);
        }
    }

    private void Save()
    {
        lock (_writing)
        {
            List<Entry> entries;
            lock (_gate)
            {
                if (!_isChanged || _path is null)
                {
                    return;
                }

                _isChanged = false;
                entries = [.. _known.SelectMany(k => k.Value.Select(a => new Entry(k.Key, a.Key.ToString(), a.Value)))];
            }

            try
            {
                DurableFile.Write(_path, JsonSerializer.Serialize(entries) + "\n");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogNotWritten(_path, e.Message);
            }
        }
    }

    [LoggerMessage(8501, LogLevel.Warning, "{Path} cannot be read; from where accounts were used is learnt anew: {Problem}")]
    private partial void LogNotRead(string path, string problem);

    [LoggerMessage(8502, LogLevel.Warning, "{Path} cannot be written; after a restart it is not known from where accounts were used: {Problem}")]
    private partial void LogNotWritten(string path, string problem);

    private sealed record Entry(string? Name, string? Network, DateOnly Day);
}
