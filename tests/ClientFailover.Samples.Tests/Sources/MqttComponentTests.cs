using System.Globalization;
using System.Text;
using ClientFailover.Samples.Mqtt;
using ClientFailover.Samples.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Protocol;
using NUnit.Framework;

namespace ClientFailover.Samples.Tests.Sources;

/// <summary>The MQTT component against mosquitto.</summary>
[TestFixture]
internal sealed partial class MqttComponentTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private TempFolder _folder = null!;
    private Broker _broker = null!;
    private IMqttClient _plant = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new TempFolder();
        await StartBrokerAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _plant.Dispose();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Collect_TwoTopics_EveryValueInOrderAndTheSourcesClock()
    {
        await using var collecting = new Collecting(Create("A"));
        await StartAsync(collecting);

        await PublishAsync(1, 300);
        await PublishAsync("plant/clock", TimeOf(300).ToString("O", CultureInfo.InvariantCulture));

        await Patience.UntilAsync(() => collecting.Context.LastProgress == TimeOf(300), "The source's clock is passed on.");
        Assert.That(collecting.Context.Streams, Is.EqualTo(new[] { "mqtt.plant.S0001", "mqtt.plant.S0002" }));
        Assert.That(collecting.Context.Sequences("mqtt.plant.S0001"), Is.EqualTo(Enumerable.Range(1, 300)));
        Assert.That(collecting.Context.Sequences("mqtt.plant.S0002"), Is.EqualTo(Enumerable.Range(1, 300)));
        Assert.That(collecting.Context.Published.Last().Time, Is.EqualTo(TimeOf(300)));
    }

    [Test]
    public async Task Collect_ConnectionLost_BrokerDeliversWhatCameMeanwhileAndItHasCaughtUp()
    {
        await using var collecting = new Collecting(Create("A"));
        await StartAsync(collecting);
        await PublishAsync(1, 10);
        await Patience.UntilAsync(() => collecting.Context.Published.Count == 20, "The first values have come.");

        // The broker throws out the older of two connections with one name: this one ends without having unsubscribed.
        using (var thief = new MqttClientFactory().CreateMqttClient())
        {
            await ConnectAsync(thief, "A", cleanStart: false);
            Assert.That(async () => await collecting.Ended.WaitAsync(Patience.Limit), Throws.InstanceOf<IOException>());
            await thief.DisconnectAsync();
        }

        await PublishAsync(11, 600);
        await collecting.ConnectAsync();

        await Patience.UntilAsync(() => collecting.Context.CaughtUpCalls == 1, "It has caught up.");
        Assert.That(collecting.Context.Sequences("mqtt.plant.S0001"), Is.EqualTo(Enumerable.Range(1, 600)));
    }

    [Test]
    public async Task Collect_BrokerRestartedWithoutItsSessions_NotCaughtUp()
    {
        await using var collecting = new Collecting(Create("A"));
        await StartAsync(collecting);
        await PublishAsync(1, 10);
        await Patience.UntilAsync(() => collecting.Context.Published.Count == 20, "The first values have come.");

        await _broker.KillAsync();
        Assert.That(async () => await collecting.Ended.WaitAsync(Patience.Limit), Throws.InstanceOf<IOException>());
        await _broker.DisposeAsync();
        _plant.Dispose();
        await StartBrokerAsync(_broker.Port);
        await collecting.ConnectAsync();
        await UntilSubscribedAsync(collecting);
        await PublishAsync(21, 30);

        await Patience.UntilAsync(() => collecting.Context.Sequences("mqtt.plant.S0002").Last() == 30, "It goes on.");
        Assert.That(collecting.Context.CaughtUpCalls, Is.Zero);
    }

    [Test]
    public async Task Collect_BrokerLeavesOneOut_FailsBeforeAnythingLaterAndIsNotCaughtUp()
    {
        await using var collecting = new Collecting(Create("A"));
        await StartAsync(collecting);
        await PublishAsync(1, 3);
        await PublishAsync(5, 5);

        Assert.That(async () => await collecting.Ended.WaitAsync(Patience.Limit), Throws.InstanceOf<IOException>());
        Assert.That(collecting.Context.Sequences("mqtt.plant.S0001"), Is.EqualTo(new long[] { 1, 2, 3 }));

        await collecting.ConnectAsync();
        await UntilSubscribedAsync(collecting);

        // It was not acknowledged, and so comes again; what had not come before comes with it.
        await Patience.UntilAsync(() => collecting.Context.Sequences("mqtt.plant.S0002").Last() == 5, "It goes on.");
        Assert.That(collecting.Context.Sequences("mqtt.plant.S0001"), Is.EqualTo(new long[] { 1, 2, 3, 5 }));
        Assert.That(collecting.Context.CaughtUpCalls, Is.Zero);
    }

    [Test]
    public async Task Collect_NewProcessOfASessionThatTheBrokerKept_NotCaughtUp()
    {
        await using (var first = new Collecting(Create("A")))
        {
            await StartAsync(first);
            using var thief = new MqttClientFactory().CreateMqttClient();
            await ConnectAsync(thief, "A", cleanStart: false);
            Assert.That(async () => await first.Ended.WaitAsync(Patience.Limit), Throws.InstanceOf<IOException>());
            await thief.DisconnectAsync();
        }

        // What the one before acknowledged, and did not bring to the disk, only others have.
        await using var second = new Collecting(Create("A"));
        await StartAsync(second);
        await PublishAsync(1, 3);

        await Patience.UntilAsync(() => LastOf(second) == 3, "It collects.");
        Assert.That(second.Context.CaughtUpCalls, Is.Zero);

        static long LastOf(Collecting collecting) => collecting.Context.Sequences("mqtt.plant.S0002").LastOrDefault();
    }

    [Test]
    public async Task Collect_NoLongerWanted_BrokerKeepsNothing()
    {
        await using var collecting = new Collecting(Create("A"));
        await StartAsync(collecting);
        await PublishAsync(1, 10);
        await Patience.UntilAsync(() => collecting.Context.Published.Count == 20, "The first values have come.");
        await collecting.StopCollectingAsync();
        await PublishAsync(11, 20);
        await collecting.DisposeAsync();

        await collecting.StartAsync();
        await UntilSubscribedAsync(collecting);
        await PublishAsync(21, 21);

        await Patience.UntilAsync(() => collecting.Context.Sequences("mqtt.plant.S0002").Last() == 21, "It goes on.");
        Assert.That(collecting.Context.Sequences("mqtt.plant.S0001"), Is.EqualTo(Enumerable.Range(1, 10).Append(21)));
    }

    [Test]
    public async Task Collect_UnreadableAndRepeated_LeftOut()
    {
        await using var collecting = new Collecting(Create("A"));
        await StartAsync(collecting);

        await PublishAsync("plant/S0001", "nonsense");
        await PublishAsync(1, 2);
        await PublishAsync(2, 3);

        await Patience.UntilAsync(() => collecting.Context.Sequences("mqtt.plant.S0002").LastOrDefault() == 3, "All have come.");
        Assert.That(collecting.Context.Sequences("mqtt.plant.S0001"), Is.EqualTo(new long[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Collect_SourcesClockIsSetBack_NothingIsLeftOut()
    {
        await using var collecting = new Collecting(Create("A"));
        await StartAsync(collecting);
        await PublishAsync(1, 3);

        for (var sequence = 4; sequence <= 6; sequence++)
        {
            await PublishAsync("plant/S0001", Encoding.UTF8.GetString(new SignalMessage(TimeOf(sequence).AddHours(-1), sequence, sequence).ToJson()));
        }

        await PublishAsync("plant/clock", TimeOf(6).ToString("O", CultureInfo.InvariantCulture));
        await Patience.UntilAsync(() => collecting.Context.LastProgress == TimeOf(6), "All have come.");
        Assert.That(collecting.Context.Sequences("mqtt.plant.S0001"), Is.EqualTo(Enumerable.Range(1, 6)));
    }

    private static DateTimeOffset TimeOf(int sequence) => Start.AddMilliseconds(10 * sequence);

    private async Task StartBrokerAsync(int port = 0, params string[] settings)
    {
        _broker = await Broker.StartAsync(_folder.Path, port, CancellationToken.None, settings);
        _plant = new MqttClientFactory().CreateMqttClient();
        await ConnectAsync(_plant, "plant", cleanStart: true);
    }

    private Task<MqttClientConnectResult> ConnectAsync(IMqttClient client, string id, bool cleanStart) => client.ConnectAsync(new MqttClientOptionsBuilder()
        .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).WithTcpServer("127.0.0.1", _broker.Port)
        .WithClientId(id).WithCleanStart(cleanStart).WithSessionExpiryInterval(3600).Build());

    private MqttComponent Create(string clientId, ILogger<MqttComponent>? log = null) => new(
        new MqttOptions
        {
            Host = "127.0.0.1",
            Port = _broker.Port,
            ClientId = clientId,
            ClockTopic = "plant/clock",
            Topics = { "plant/S0001", "plant/S0002" },
            Timeout = Patience.Limit,
        },
        log ?? NullLogger<MqttComponent>.Instance);

    private async Task StartAsync(Collecting collecting)
    {
        await collecting.StartAsync();
        await UntilSubscribedAsync(collecting);
    }

    /// <summary>What is published from now on is delivered: a message of the plant's clock has come.</summary>
    private async Task UntilSubscribedAsync(Collecting collecting)
    {
        var before = collecting.Context.LastProgress;
        var clock = (before ?? Start.AddYears(-1)).AddSeconds(1);
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (collecting.Context.LastProgress == before)
        {
            Assert.That(collecting.Ended.IsFaulted, Is.False, () => collecting.Ended.Exception!.ToString());
            await PublishAsync("plant/clock", clock.ToString("O", CultureInfo.InvariantCulture));
            await Task.Delay(10, limit.Token);
        }
    }

    private async Task PublishAsync(int first, int last)
    {
        for (var sequence = first; sequence <= last; sequence++)
        {
            var json = Encoding.UTF8.GetString(new SignalMessage(TimeOf(sequence), sequence, sequence).ToJson());
            await PublishAsync("plant/S0001", json);
            await PublishAsync("plant/S0002", json);
        }
    }

    private Task<MqttClientPublishResult> PublishAsync(string topic, string payload) => _plant.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());
}
