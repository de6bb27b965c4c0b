using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>From one link to the next.</summary>
[TestFixture]
public sealed class ReconnectTests
{
    [Test]
    public async Task Run_BreaksAgainAsSoonAsItWorked_WaitsUntilALinkHolds()
    {
        await using var rig = new FakeRig();
        await rig.JoinAsync();
        await CutAsync(rig);
        await rig.BeatAsync();

        rig.Service.IsReachable = false;
        rig.Service.IsReachable = true;
        await rig.Time.SetAsync(t => t == TimeSpan.FromMilliseconds(50));
        Assert.That(rig.Client.Connection, Is.EqualTo(ConnectionState.Disconnected));
        rig.Time.Advance(TimeSpan.FromMilliseconds(50));
        await rig.Service.ConnectedAsync().Soon();
        await rig.BeatAsync();

        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await CutAsync(rig);
    }

    /// <summary>Cuts the connection, and waits for the next one, which needs no time.</summary>
    private static async Task CutAsync(FakeRig rig)
    {
        rig.Service.IsReachable = false;
        rig.Service.IsReachable = true;
        await rig.Service.ConnectedAsync().Soon();
    }
}
