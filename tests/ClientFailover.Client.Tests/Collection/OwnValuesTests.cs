using ClientFailover.Client.Collection;
using ClientFailover.Client.Tests.Buffering;
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

    [Test]
    public async Task Opened_DiskCouldNotBeUsedAtFirst_KeepsAndSendsWhatAnEarlierRunHasAlone()
    {
        await using var disk = await BufferRig.OpenAsync();
        disk.Append(1, 2);
        disk.Buffer.IsUnshared = true;
        await disk.Buffer.DisposeAsync();
        var isLocked = true;
        disk.Opened = _ =>
        {
            if (isLocked)
            {
                throw new IOException("Another program reads the file.");
            }
        };
        await disk.ReopenAsync();
        var ledger = new Ledger(new FailoverOptions { SourceTimestamps = true }, disk.Buffer, disk.Time, new RecordingLogger());
        ledger.Select(ledger.AddComponent("a"), ["s"]);
        ledger.Opened();
        Assert.That(disk.Buffer.Count, Is.Zero);

        isLocked = false;
        await disk.PassAsync(TimeSpan.FromSeconds(1));
        Assert.That(disk.Buffer.Count, Is.EqualTo(2));
        ledger.Assume(new RoleState(FailoverRole.Secondary, 1, null, disk.Time.GetUtcNow().AddHours(1), false, default), TimeSpan.FromMinutes(1));

        Assert.That((disk.Buffer.Count, disk.Buffer.IsUnshared, ledger.Permit().IsGiven), Is.EqualTo((2L, true, true)));
    }
}
