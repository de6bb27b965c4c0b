using NUnit.Framework;

namespace ClientFailover.Client.Tests.Collection;

/// <summary>What a relieved adapter still sends, because nobody else has it.</summary>
public sealed class OwnValuesTests
{
    [Test]
    public void Permit_WhatWasCollectedAsPrimary_IsOfThatTerm()
    {
        var rig = new LedgerRig(FailoverMode.Warm);
        rig.Assume(FailoverRole.Primary, term: 7);
        rig.Publish("a1", 1);

        rig.Assume(FailoverRole.Secondary, 100, term: 8);
        rig.Assume(FailoverRole.Secondary, 100, term: 9);

        Assert.That((rig.Ledger.Permit().IsGiven, rig.Ledger.Permit().Term), Is.EqualTo((true, (long?)7)));
    }

    [Test]
    public void Permit_WhatAnEarlierRunLeft_IsOfNoTerm()
    {
        var rig = new LedgerRig(FailoverMode.Warm);
        rig.Buffer.Append(new DataItem("a1", LedgerRig.At(-5), LedgerRig.At(-5), new byte[] { 1 }));
        rig.Ledger.Opened();

        rig.Assume(FailoverRole.Secondary, 100, term: 8);

        Assert.That((rig.Ledger.Permit().IsGiven, rig.Ledger.Permit().Term), Is.EqualTo((true, (long?)null)));
    }
}
