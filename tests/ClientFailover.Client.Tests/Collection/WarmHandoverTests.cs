using NUnit.Framework;

namespace ClientFailover.Client.Tests.Collection;

/// <summary>A planned handover where the successor begins to collect with it.</summary>
public sealed class WarmHandoverTests
{
    [Test]
    public void HandedOver_WarmAndNotAllSent_IsNotExactAndTheRestIsSent()
    {
        var rig = WarmPrimary();
        rig.PublishAll(1);
        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 1, 1, 1, 1 }));
        rig.PublishAll(2);

        // The successor begins now: nobody else has what is of 2.
        Assert.That(rig.Ledger.BeginDrain(), Is.True);
        Assert.That(rig.Ledger.TryCut(), Is.Null);
        Assert.That(rig.Ledger.EndDrain(), Is.Null);
        rig.Assume(FailoverRole.Secondary, 1, term: 2);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 2, 2, 2, 2 }));
    }

    [Test]
    public void HandedOver_WarmAndAllSent_IsExact()
    {
        var rig = WarmPrimary();
        rig.PublishAll(1);
        rig.PublishAll(2);
        Assert.That(rig.Egress(), Has.Count.EqualTo(8));

        Assert.That(rig.Ledger.BeginDrain(), Is.True);

        Assert.That(rig.Ledger.TryCut(), Is.EqualTo(LedgerRig.At(2)));
    }

    private static LedgerRig WarmPrimary()
    {
        var rig = new LedgerRig(FailoverMode.Warm);
        rig.Assume(FailoverRole.Primary);
        rig.Collect(rig.A);
        rig.Collect(rig.B);
        return rig;
    }
}
