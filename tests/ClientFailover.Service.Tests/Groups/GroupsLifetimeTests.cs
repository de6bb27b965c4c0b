using ClientFailover.Service.Groups;
using ClientFailover.Service.Liveness;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

public sealed class GroupsLifetimeTests
{
    [Test]
    public async Task StopApplication_BeforeTheServerHasStopped_NoDeadlineRunsOutAnyMore()
    {
        using var bench = new OwnerBench();
        using var deadlines = new DeadlineThread(bench.Scheduler, new Pulses(TimeProvider.System));
        var host = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var lifetime = new GroupsLifetime(bench.Store, bench.Directory, bench.Tenants, bench.Access, bench.Watch, bench.Scheduler, deadlines, host);
        await lifetime.StartAsync(default);
        Assert.That(deadlines.IsRunning, Is.True);

        host.StopApplication();

        Assert.That(deadlines.IsRunning, Is.False);
        await lifetime.StopAsync(default);
    }
}
