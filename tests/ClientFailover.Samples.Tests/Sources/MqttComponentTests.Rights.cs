using ClientFailover.Samples.Mqtt;
using NUnit.Framework;

namespace ClientFailover.Samples.Tests.Sources;

/// <summary>A broker that grants the adapter the plant's topics alone, not its own.</summary>
internal sealed partial class MqttComponentTests
{
    private const int CannotTellLogged = 4;

    [Test]
    public async Task Collect_NoRightToItsOwnTopic_HolesAreToldAndItGoesOn()
    {
        var rights = _folder.File("rights");
        await File.WriteAllLinesAsync(rights, ["topic readwrite plant/#", "topic deny client-failover/#"]);
        _plant.Dispose();
        await _broker.DisposeAsync();
        await StartBrokerAsync(0, $"acl_file {rights}");
        var log = new RecordingLogger<MqttComponent>();
        await using var collecting = new Collecting(Create("A", log));
        await StartAsync(collecting);

        await PublishAsync(1, 3);
        await PublishAsync(5, 6);

        Assert.That(async () => await collecting.Ended.WaitAsync(Patience.Limit), Throws.InstanceOf<IOException>());
        Assert.That(collecting.Context.Sequences("mqtt.plant.S0001"), Is.EqualTo(new long[] { 1, 2, 3 }));

        // What was missing belongs to that loss: it goes on behind it, and tells the next hole.
        await collecting.ConnectAsync();
        await UntilSubscribedAsync(collecting);
        await Patience.UntilAsync(() => collecting.Context.Sequences("mqtt.plant.S0002").Last() == 6, "It goes on.");
        await PublishAsync(8, 8);

        Assert.That(async () => await collecting.Ended.WaitAsync(Patience.Limit), Throws.InstanceOf<IOException>());
        Assert.That(collecting.Context.Sequences("mqtt.plant.S0001"), Is.EqualTo(new long[] { 1, 2, 3, 5, 6 }));
        Assert.That(collecting.Context.CaughtUpCalls, Is.Zero);
        Assert.That(log.Count(CannotTellLogged), Is.EqualTo(1));
    }
}
