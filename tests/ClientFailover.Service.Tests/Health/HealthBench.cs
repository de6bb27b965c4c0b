using System.Collections.Concurrent;
using System.Diagnostics;
using ClientFailover.HealthReceiver;
using ClientFailover.HealthReceiver.Hosting;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Health;
using ClientFailover.Service.Health.Access;
using ClientFailover.Service.Health.Faults;
using ClientFailover.Service.Health.Omf;
using ClientFailover.Service.Health.Sending;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Tests.Groups;
using Microsoft.Extensions.Time.Testing;

namespace ClientFailover.Service.Tests.Health;

/// <summary>All of a service that health takes, in virtual time, with endpoints in this process that forgive nothing.</summary>
internal sealed class HealthBench : IAsyncDisposable
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Steps for hours.</summary>
    public static readonly TimeSpan LongStep = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly DataDirectory _data;
    private readonly ConcurrentDictionary<string, HttpMessageHandler> _handlers = new();
    private readonly ConcurrentQueue<EndpointSender> _made = new();
    private readonly OmfMeter _meter;
    private readonly TestLifetime _lifetime = new();
    private readonly ConfigurationStore _configuration;
    private readonly HealthReporter _reporter;
    private readonly FaultSwitch _fault = new();

    public HealthBench(Func<double>? random = null)
    {
        _data = DataDirectory.Open(_directory.Path);
        Protection = new SecretProtection(_data, new ServiceOptions(), new RecordingLogger<SecretProtection>());
        _configuration = new ConfigurationStore(new ManualStore(), Protection, new ServiceClock(Time), new RecordingLogger<ConfigurationStore>());
        _meter = new OmfMeter(Meters);
        var services = new SenderServices(Time, _meter, Log, random ?? (() => 0));
        Senders = new EndpointSenders(endpoint =>
        {
            var client = new OmfClient(new Uri(endpoint.Endpoint), new Shared(_handlers[new Uri(endpoint.Endpoint).Host]), EndpointAccess.Create(endpoint, Protection, Time), Time, Log);
            var sender = new EndpointSender(endpoint, new OmfStructure(Names, 5590, "1.2.3"), client, services);
            _made.Enqueue(sender);
            return sender;
        });
        _meter.Observe(() => (Senders.Current.Count(s => s.IsReached == true), Senders.Current.Count(s => s.IsReached == false)));
        var sampler = new HealthSampler(Names, () => new ObjectCount(3, 5), _data, Time);
        _reporter = new HealthReporter(_configuration, Senders, [_fault], sampler, _lifetime, Time, ReporterLog);
    }

    public SetTime Time { get; } = new(new DateTimeOffset(2026, 11, 30, 6, 0, 0, TimeSpan.Zero));

    public OmfNames Names { get; } = new("PLANT-1");

    public SecretProtection Protection { get; }

    public EndpointSenders Senders { get; }

    public TestMeters Meters { get; } = new();

    public RecordingLogger<EndpointSender> Log { get; } = new();

    public RecordingLogger<HealthReporter> ReporterLog { get; } = new();

    /// <summary>What is wrong with the service.</summary>
    public string? Wrong
    {
        set => _fault.Current = value;
    }

    /// <summary>A receiver, at the address http://ID/omf unless another is wanted.</summary>
    public StrictReceiver Receiver(string host, ReceiverOptions? options = null, IReceiverAccess? access = null)
    {
        var receiver = new StrictReceiver(options);
        _handlers[host] = new ReceiverHandler(receiver, access);
        return receiver;
    }

    public void Handler(string host, HttpMessageHandler handler) => _handlers[host] = handler;

    public static HealthEndpoint Endpoint(string id, string scheme = "http") => new(id, $"{scheme}://{id}/omf", null, null, null, null, null, null);

    /// <summary>Puts endpoints in force, in place of all others.</summary>
    public void Configure(params HealthEndpoint[] endpoints) => _configuration.Restore(new ServiceConfiguration(null, [.. endpoints]));

    public async Task StartAsync(params HealthEndpoint[] endpoints)
    {
        Configure(endpoints);
        await _reporter.StartAsync(default);
        _lifetime.Start();
        await SettleAsync();
    }

    /// <summary>Lets time pass, in steps that nobody can oversleep.</summary>
    /// <param name="time">How much: whole steps.</param>
    /// <param name="step">The steps; null: a second.</param>
    public async Task PassAsync(TimeSpan time, TimeSpan? step = null)
    {
        for (var left = time; left > TimeSpan.Zero; left -= step ?? Second)
        {
            var looks = _fault.Looks;
            Time.Advance(step ?? Second);
            await UntilAsync(() => _fault.Looks > looks, "The clock is looked at.");
            await SettleAsync();
        }
    }

    /// <summary>Waits until everybody waits for time, for messages or for an endpoint that hangs.</summary>
    public async Task SettleAsync()
    {
        // The second look shows that all that followed the first one is done.
        for (var i = 0; i < 2; i++)
        {
            var looks = _fault.Looks;
            _configuration.Restore(_configuration.Current);
            await UntilAsync(() => _fault.Looks > looks, "The reporter looks.");
        }

        for (var calm = 0; calm < 3; calm++)
        {
            if (!IsSettled())
            {
                await UntilAsync(IsSettled, "The senders wait.");
                calm = 0;
            }

            await Task.Yield();
        }
    }

    /// <summary>Asks for the stop, and goes on when it is done.</summary>
    public Task StopAsync()
    {
        _lifetime.StopApplication();
        return _reporter.StopAsync(default);
    }

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begin) > Patience)
            {
                throw new TimeoutException($"{what} {string.Join(", ", Senders.Current.Select(s => $"{s.Endpoint.Id} {s.State} {s.Waiting}"))}");
            }

            await Task.Yield();
        }
    }

    public IEnumerable<string> Told(int id) => Log.Entries.Where(e => e.Id == id).Select(e => e.Text);

    public async ValueTask DisposeAsync()
    {
        var stop = StopAsync();
        while (!stop.IsCompleted)
        {
            Time.Advance(Second);
            await Task.Yield();
        }

        await stop;
        Senders.Dispose();
        _configuration.Dispose();
        _meter.Dispose();
        Meters.Dispose();
        _lifetime.Dispose();
        foreach (var handler in _handlers.Values)
        {
            handler.Dispose();
        }

        _data.Dispose();
        _directory.Dispose();
    }

    private bool IsSettled() => Senders.Current.All(IsSettled) && _made.Except(Senders.Current).All(s => s.Completion.IsCompleted);

    private bool IsSettled(EndpointSender sender) => sender.State switch
    {
        SenderState.Idle => sender.Waiting == 0,
        SenderState.Waiting or SenderState.Ended => true,
        SenderState.Sending => _handlers[new Uri(sender.Endpoint.Endpoint).Host] is IHangs { IsHanging: true } or ReceiverHandler { IsHanging: true },
        _ => false,
    };

    private sealed class FaultSwitch : IFaultSource
    {
        private int _looks;
        private volatile string? _current;

        public int Looks => Volatile.Read(ref _looks);

        public string? Current
        {
            get
            {
                Interlocked.Increment(ref _looks);
                return _current;
            }

            set => _current = value;
        }
    }

    /// <summary>Outlives the sender that uses it.</summary>
    private sealed class Shared(HttpMessageHandler handler) : DelegatingHandler(handler)
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}

/// <summary>A handler that can say that it waits for good.</summary>
internal interface IHangs
{
    bool IsHanging { get; }
}

/// <summary>Virtual time whose wall clock can be set, while the monotonic one goes on.</summary>
internal sealed class SetTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _offset;

    public void Set(TimeSpan offset) => _offset += offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
}
