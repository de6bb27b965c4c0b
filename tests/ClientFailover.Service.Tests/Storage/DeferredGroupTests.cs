using ClientFailover.Service.Storage;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Storage;

public sealed class DeferredGroupTests
{
    [Test]
    public void Add_AnyNumberOfDecisions_KeepsNoMoreThanSessionsNeed()
    {
        var group = new DeferredGroup();
        var random = new RandomEvents(1);

        for (var i = 0; i < 10_000; i++)
        {
            group.Add(random.Decided(), i);
        }

        // Four sessions: each an order, a promotion, a demotion; one PendingPrimary, one time.
        Assert.That(group.Count, Is.EqualTo((4 * 3) + 2));
    }

    [Test]
    public void Add_ChangeOfMembership_IsRefused()
    {
        var group = new DeferredGroup();

        Assert.That(() => group.Add(StoreBench.Registered("a", 1), 1), Throws.ArgumentException);
        Assert.That(() => group.Add(StoreBench.Created("g"), 2), Throws.ArgumentException);
        Assert.That(group.Count, Is.Zero);
    }

    [Test]
    public void HasTerms_AfterMoreTermsThanAreReserved_IsFalse()
    {
        var group = new DeferredGroup();

        group.Add(StoreBench.Promoted("a", 501), 1);
        var before = group.HasTerms;
        group.Add(StoreBench.Promoted("a", 500 + GroupWriter.TermBlock), 2);

        Assert.That((before, group.HasTerms), Is.EqualTo((true, false)));
    }
}
