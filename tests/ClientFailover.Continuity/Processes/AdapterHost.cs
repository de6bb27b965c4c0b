using System.Globalization;
using System.Net;
using System.Text.Json;
using ClientFailover.Continuity.Adapters;
using ClientFailover.Continuity.Network;
using ClientFailover.Continuity.Plant;

namespace ClientFailover.Continuity.Processes;

/// <summary>How a life of an adapter ended.</summary>
internal enum LifeEnd
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>It was killed.</summary>
    Killed,

    /// <summary>It was stopped in order.</summary>
    Stopped,
}

/// <summary>One process of an adapter.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="StartTime">When it was started.</param>
/// <param name="End">How it ended.</param>
/// <param name="EndTime">When.</param>
internal sealed record Life(int Number, DateTimeOffset StartTime, LifeEnd End, DateTimeOffset EndTime);

/// <summary>A role that an adapter said it has taken.</summary>
internal sealed record RoleTaken(DateTimeOffset Time, string Role, string Reason);

/// <summary>Responsible for one adapter of a run: its processes, one after the other, and its ways through the network.</summary>
internal sealed class AdapterHost : IAsyncDisposable
{
    private readonly AdapterSettings _settings;
    private readonly List<Life> _lives = [];
    private readonly List<RoleTaken> _roles = [];
    private readonly List<string> _output = [];
    private ChildProcess? _process;

    /// <summary>Makes its ways; starts nothing.</summary>
    public AdapterHost(AdapterSettings settings, Func<IPEndPoint> service, Func<IPEndPoint> source, Func<IPEndPoint> destination)
    {
        Service = new Proxy(service);
        Sources = [.. Enumerable.Range(0, Signal.Sources).Select(_ => new Proxy(source))];
        Destination = new Proxy(destination);
        _settings = settings with
        {
            Endpoint = ServiceHost.EndpointAt(Service.Port),
            SourcePorts = [.. Sources.Select(way => way.Port)],
            Destination = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Destination.Port}/")),
        };
    }

    public string Name => _settings.Name;

    public AdapterKind Kind => _settings.Kind;

    /// <summary>Its way to the service.</summary>
    public Proxy Service { get; }

    /// <summary>Its ways to the sources.</summary>
    public IReadOnlyList<Proxy> Sources { get; }

    /// <summary>Its way to the destination.</summary>
    public Proxy Destination { get; }

    /// <summary>Its processes.</summary>
    public IReadOnlyList<Life> Lives => _lives;

    /// <summary>Whether a process of it runs.</summary>
    public bool IsRunning => _lives is [.., { End: LifeEnd.None }];

    /// <summary>The roles that it took.</summary>
    public IReadOnlyList<RoleTaken> Roles
    {
        get
        {
            lock (_roles)
            {
                return [.. _roles];
            }
        }
    }

    /// <summary>All that its processes wrote.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Starts a process of it.</summary>
    public void Start()
    {
        var life = new Life(_lives.Count + 1, DateTimeOffset.UtcNow, LifeEnd.None, default);
        _lives.Add(life);
        Note($"--- life {life.Number}");
        _process = new ChildProcess(
            Programs.Bench, [AdapterProgram.Command], JsonSerializer.Serialize(_settings with { Life = life.Number }), Hear);
    }

    /// <summary>Kills it.</summary>
    public async Task KillAsync()
    {
        End(LifeEnd.Killed);
        await _process!.DisposeAsync();
    }

    /// <summary>Stops it in order.</summary>
    public async Task StopAsync()
    {
        await _process!.StopAsync();
        End(LifeEnd.Stopped);
        await _process.DisposeAsync();
    }

    /// <summary>Stops it in its tracks.</summary>
    public void Freeze() => _process!.Freeze();

    /// <summary>Lets it go on.</summary>
    public void Thaw() => _process!.Thaw();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        foreach (var way in (Proxy[])[Service, .. Sources, Destination])
        {
            await way.DisposeAsync();
        }
    }

    private void End(LifeEnd end)
    {
        _lives[^1] = _lives[^1] with { End = end, EndTime = DateTimeOffset.UtcNow };
        Note($"--- {end} {DateTimeOffset.UtcNow:HH:mm:ss.fff}");
    }

    private void Hear(string line)
    {
        Note(line);
        if (line.StartsWith(Say.Mark + Say.Role, StringComparison.Ordinal))
        {
            var parts = line.Split(' ', 4);
            lock (_roles)
            {
                _roles.Add(new RoleTaken(new DateTimeOffset(long.Parse(parts[1], CultureInfo.InvariantCulture), TimeSpan.Zero), parts[2], parts[3]));
            }
        }
    }

    private void Note(string line)
    {
        lock (_output)
        {
            _output.Add(line);
        }
    }
}
