using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Services;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Services;

public sealed class OpenWatchesTests
{
    private static readonly Caller Ann = TestCallers.Of("ann", "acme", Roles.Users);

    private readonly OpenWatches _watches = new(
        new ServiceOptions { MaxWatchesPerCaller = 2, MaxWatchesPerTenant = 3 }, new LimitMeter(new TestMeters()));

    [Test]
    public void Add_MoreThanACallerMayHave_IsRefusedUntilOneIsClosed()
    {
        using var first = _watches.Add(Ann, null);
        var second = _watches.Add(Ann with { Name = "called otherwise" }, null);

        Assert.That(() => _watches.Add(Ann, null), Refused("The caller has reached its limit of 2 open watches."));
        second.Dispose();
        _watches.Add(Ann, null).Dispose();
    }

    [Test]
    public void Add_MoreThanATenantMayHave_IsRefusedAndOthersHaveTheirs()
    {
        using var first = _watches.Add(Ann, null);
        using var second = _watches.Add(TestCallers.Of("bob", "ACME", Roles.Users), null);
        using var third = _watches.Add(TestCallers.Of("cecil", "acme", Roles.Users), null);

        Assert.That(() => _watches.Add(TestCallers.Of("dora", "acme", Roles.Users), null), Refused("The tenant has reached its limit of 3 open watches."));
        _watches.Add(TestCallers.Of("ann", "umbrella", Roles.Users), null).Dispose();
        _watches.Add(TestCallers.Of("ann", null, Roles.Users), null).Dispose();
    }

    [Test]
    public void Add_WithoutLimits_IsNotRefused()
    {
        var watches = new OpenWatches(new ServiceOptions { MaxWatchesPerCaller = 0, MaxWatchesPerTenant = 0 }, new LimitMeter(new TestMeters()));

        Assert.That(() => Enumerable.Range(0, 5000).Select(_ => watches.Add(Ann, null)).ToList(), Throws.Nothing);
    }

    [Test]
    public void Add_ManyThreads_LetsInExactlyTheLimit()
    {
        var watches = new OpenWatches(new ServiceOptions { MaxWatchesPerCaller = 50, MaxWatchesPerTenant = 0 }, new LimitMeter(new TestMeters()));
        var opened = 0;
        Parallel.For(0, 500, _ =>
        {
            try
            {
                watches.Add(Ann, null);
                Interlocked.Increment(ref opened);
            }
            catch (FailureException)
            {
                // One too many.
            }
        });

        Assert.That(opened, Is.EqualTo(50));
    }

    private static NUnit.Framework.Constraints.Constraint Refused(string reason) => Throws.TypeOf<FailureException>()
        .With.Property("Failure").Matches<Failure>(f => f.Code == "LIMIT_REACHED" && f.Cause == reason && f.RetryAfter > TimeSpan.Zero);
}
