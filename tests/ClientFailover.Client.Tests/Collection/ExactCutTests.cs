using NUnit.Framework;

namespace ClientFailover.Client.Tests.Collection;

/// <summary>What an exact handover says of values that arrive after it, and for how long.</summary>
public sealed class ExactCutTests
{
    [Test]
    public void Publish_StreamSelectedAfterTheHandover_IsNotSkipped()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary, 10, isExact: true);

        // Its source delivers history: the old Primary never had it.
        rig.Ledger.Select(rig.A, ["a1", "a2", "a3"]);
        rig.Publish("a3", 5);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 5 }));
        Assert.That(rig.Ledger.Skipped, Is.Zero);
    }

    [Test]
    public void Publish_StreamSelectedAnewAfterTheHandover_IsNotSkipped()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary, 10, isExact: true);
        rig.Ledger.Select(rig.A, ["a2"]);
        rig.Ledger.Select(rig.A, ["a1", "a2"]);
        rig.Publish("a1", 5);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 5 }));
    }

    [Test]
    public void Publish_OneTimeoutAfterTheHandover_IsNotSkipped()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary, 10, isExact: true);
        rig.Pass(9.5);
        rig.Publish("a1", 5);
        Assert.That((rig.Buffer.Count, rig.Ledger.Skipped), Is.EqualTo((0L, 1L)));

        // What is as late as that is of a clock that was set back.
        rig.Pass(1);
        rig.Publish("a1", 6);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 6 }));
        Assert.That(rig.Ledger.Skipped, Is.EqualTo(1));
    }
}
