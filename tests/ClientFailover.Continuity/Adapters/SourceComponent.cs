using System.Globalization;
using System.Text;
using ClientFailover.Client;
using ClientFailover.Continuity.Plant;

namespace ClientFailover.Continuity.Adapters;

/// <summary>Responsible for one source of an adapter on the client library.</summary>
internal sealed class SourceComponent(AdapterSettings settings, int source) : IAdapterComponent
{
    private readonly string[] _streams = [.. Signal.StreamsOf(settings.Group, source)];
    private IComponentContext? _context;
    private SourceReader? _reader;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"source{source}");

    public Task StartAsync(IComponentContext context, CancellationToken cancellation)
    {
        _context = context;
        context.SelectStreams(_streams);
        return Task.Delay(settings.StartTime, cancellation);
    }

    public async Task ConnectAsync(CancellationToken cancellation)
    {
        _reader?.Dispose();
        _reader = await SourceReader.ConnectAsync(
            settings.SourcePorts[source], new ClientName(settings.Group, settings.Name, settings.Life, source), cancellation);
    }

    public Task CollectAsync(CancellationToken cancellation) => _reader!.CollectAsync(Take, cancellation);

    public Task StopAsync(CancellationToken cancellation)
    {
        _reader?.Dispose();
        return Task.CompletedTask;
    }

    private void Take(long tick, DateTimeOffset time)
    {
        var payload = Encoding.UTF8.GetBytes(tick.ToString(CultureInfo.InvariantCulture));
        for (var stream = 0; stream < _streams.Length; stream++)
        {
            _context!.Publish(_streams[stream], Signal.TimeOf(time, stream), payload);
        }
    }
}
