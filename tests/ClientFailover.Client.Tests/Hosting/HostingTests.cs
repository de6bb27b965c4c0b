using System.Diagnostics.Metrics;
using ClientFailover.Client.Testing;
using ClientFailover.Client.Tests.Egress;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Hosting;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HostingTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingLogger _log = new();
    private readonly ScriptedEgress _egress = new();
    private readonly PublishingComponent _component = new();
    private readonly Dictionary<string, string?> _configuration = new()
    {
        ["Failover:FailoverGroupId"] = "boiler",
        ["Failover:FailoverTimeout"] = "00:00:30",
        ["Failover:Endpoint"] = "https://failover.example/api/v1/clientfailover",
        ["Failover:SessionId"] = "A",
    };

    private string _directory = "";
    private FakeFailoverService _service = null!;

    [SetUp]
    public void Prepare()
    {
        _directory = Directory.CreateTempSubdirectory("client-failover-").FullName;
        _configuration["Failover:Buffer:Directory"] = _directory;
        _service = new FakeFailoverService(_time);
    }

    [TearDown]
    public void Clean() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task Host_Promoted_EgressesAndStopsInOrder()
    {
        using var host = Build();
        await host.StartAsync();
        var session = await _service.ConnectedAsync("A");
        await _component.CollectsAsync();
        var adapter = host.Services.GetRequiredService<FailoverAdapter>();
        _component.Context!.Publish("s", _time.GetUtcNow(), new byte[] { 7 });
        Assert.That(adapter.Counters, Is.EqualTo(new AdapterCounters(1, 0, 0, 0, 1, 0, 0)));

        await session.AssignAsync(FailoverRole.Primary, "PrimaryTimedOut");
        var batch = await _egress.NextAsync();
        Assert.That(batch.Context.Term, Is.EqualTo(1));
        Assert.That(batch.Items.Single().Payload.ToArray(), Is.EqualTo(new byte[] { 7 }));
        batch.Take();
        await Eventually.IsTrueAsync(() => adapter.Counters is { Egressed: 1, Buffered: 0 });
        Assert.That(
            adapter.State,
            Is.EqualTo(new AdapterStatus(FailoverRole.Primary, _time.GetUtcNow(), 100, AdapterState.Running)));
        Assert.That(host.Services.GetRequiredService<IFailoverClient>().Role.Role, Is.EqualTo(FailoverRole.Primary));

        await host.StopAsync();

        Assert.That(await session.Left.WaitAsync(Eventually.Patience), Is.True);
        Assert.That(adapter.State.AdapterState, Is.EqualTo(AdapterState.Stopped));
        Assert.That(_component.IsCollecting, Is.False);
    }

    [Test]
    public async Task Host_StoppedAsSecondary_KeepsTheBufferForTheNextStart()
    {
        using (var first = Build())
        {
            await first.StartAsync();
            await _component.CollectsAsync();
            _component.Context!.Publish("s", _time.GetUtcNow(), new byte[] { 7 });
            await first.StopAsync();
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        using var second = Build();
        await second.StartAsync();
        var session = await _service.ConnectedAsync("A");
        await session.AssignAsync(FailoverRole.Primary);

        var batch = await _egress.NextAsync();
        batch.Take();
        await second.StopAsync();
        Assert.That(batch.Items.Single().Payload.ToArray(), Is.EqualTo(new byte[] { 7 }));
        Assert.That(batch.Context.IsReplay, Is.True);
    }

    [Test]
    public async Task Configuration_ModeChanges_TakesEffectAtOnce()
    {
        using var host = Build();
        await host.StartAsync();
        await _component.CollectsAsync();

        Change(host, "Failover:Mode", "Warm");

        Assert.That(host.Services.GetRequiredService<FailoverAdapter>().Mode, Is.EqualTo(FailoverMode.Warm));
        await Eventually.IsTrueAsync(() => !_component.IsCollecting);
        Assert.That(_log.Count(7610), Is.Zero);
        await host.StopAsync();
    }

    [Test]
    public async Task Configuration_OtherChange_IsLoggedToNeedARestart()
    {
        using var host = Build();
        await host.StartAsync();

        Change(host, "Failover:FailoverTimeout", "00:01:00");

        Assert.That(_log.Count(7610), Is.EqualTo(1));
        await host.StopAsync();
    }

    [Test]
    public async Task Configuration_ChangeIsWrong_IsLoggedAndHasNoEffect()
    {
        _configuration["Failover:Password"] = "planted-secret";
        _configuration["Failover:UserName"] = "u";
        using var host = Build();
        await host.StartAsync();

        // The options' own monitor throws.
        Assert.That(() => Change(host, "Failover:Mode", "Tepid"), Throws.InstanceOf<AggregateException>());

        var told = _log.Entries.Single(e => e.Id == 7611).Text;
        Assert.That(told, Does.Contain("Mode").And.Not.Contain("planted"));
        Assert.That(host.Services.GetRequiredService<FailoverAdapter>().Mode, Is.EqualTo(FailoverMode.Hot));

        Assert.That(() => Change(host, "Failover:Mode", "Warm"), Throws.Nothing);
        Assert.That(host.Services.GetRequiredService<FailoverAdapter>().Mode, Is.EqualTo(FailoverMode.Warm));
        await host.StopAsync();
    }

    [Test]
    public void Start_ConfigurationIsWrong_TellsAllMistakes()
    {
        _configuration.Remove("Failover:FailoverGroupId");
        _configuration["Failover:FailoverTimeout"] = "soon";
        _configuration["Failover:Buffer:MaxSize"] = "1";
        using var host = Build();

        var error = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(error!.Failures.Count(), Is.EqualTo(3), string.Join('\n', error.Failures));
    }

    [Test]
    public void Start_NoComponent_SaysWhatToDo()
    {
        using var host = Build(b => b.Services.AddFailoverAdapter(b.Configuration.GetSection("Failover")).UseEgress(_ => _egress));

        Assert.That(() => host.StartAsync(), Throws.InvalidOperationException.With.Message.Contains("AddComponent"));
    }

    [Test]
    public void Start_NoEgress_SaysWhatToDo()
    {
        using var host = Build(b => b.Services.AddFailoverAdapter(b.Configuration.GetSection("Failover")).AddComponent(_ => _component));

        Assert.That(() => host.StartAsync(), Throws.InvalidOperationException.With.Message.Contains("UseEgress"));
    }

    [Test]
    public async Task Metrics_Started_TellWhatTheAdapterDoes()
    {
        using var host = Build();
        await host.StartAsync();
        await _component.CollectsAsync();
        _component.Context!.Publish("s", _time.GetUtcNow(), new byte[] { 7 });
        var figures = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "ClientFailover.Client" && instrument.Meter.Scope == host.Services.GetRequiredService<IMeterFactory>())
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((i, v, _, _) => figures[i.Name] = v);
        listener.SetMeasurementEventCallback<int>((i, v, _, _) => figures[i.Name] = v);
        listener.SetMeasurementEventCallback<float>((i, v, _, _) => figures[i.Name] = v);
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.That(figures, Is.EquivalentTo(new Dictionary<string, double>
        {
            ["clientfailover.role"] = 0,
            ["clientfailover.score"] = 1,
            ["clientfailover.buffer.items"] = 1,
            ["clientfailover.buffer.bytes"] = 17,
            ["clientfailover.buffer.dropped"] = 0,
            ["clientfailover.collected"] = 1,
            ["clientfailover.egressed"] = 0,
            ["clientfailover.rejected"] = 0,
            ["clientfailover.gaps"] = 0,
        }));
        await host.StopAsync();
    }

    [Test]
    public async Task Adapter_FolderIsInUse_CannotStart()
    {
        using var first = Build();
        await first.StartAsync();
        using var second = Build();

        Assert.That(() => second.StartAsync(), Throws.InstanceOf<IOException>());
        await first.StopAsync();
    }

    private static void Change(IHost host, string key, string value)
    {
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        configuration[key] = value;
        ((IConfigurationRoot)configuration).Reload();
    }

    private IHost Build(Action<HostApplicationBuilder>? adapter = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(_configuration);
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton(_service);
        builder.Logging.AddProvider(_log);
        adapter ??= b => b.Services.AddFailoverAdapter(b.Configuration.GetSection("Failover")).AddComponent(_ => _component).UseEgress(_ => _egress);
        adapter(builder);
        return builder.Build();
    }
}
