using System.Net;
using ClientFailover.Service.Certificates;
using ClientFailover.Service.Health;
using ClientFailover.Service.Health.Faults;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tests.Audit;
using ClientFailover.Service.Tests.Groups;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

public sealed class FaultTests
{
    [Test]
    public void Certificate_WhoseTimeIsOver_IsAFault()
    {
        using var directory = new TemporaryDirectory();
        using var data = DataDirectory.Open(directory.Path);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 30, 6, 0, 0, TimeSpan.Zero));
        var folder = new CertificateFolder(data, new ServiceOptions(), time, new RecordingLogger<CertificateFolder>());
        var certificates = new ServerCertificates(folder, new RecordingTrail(), time, new RecordingLogger<ServerCertificates>());
        certificates.Load(() => new HostNames("host", ["host"], [IPAddress.Loopback]));
        var fault = new CertificateFault(certificates, time);
        Assert.That(fault.Current, Is.Null);

        time.Advance(TimeSpan.FromDays(16 * 366));

        Assert.That(fault.Current, Is.EqualTo("the TLS certificate has expired"));
    }

    [Test]
    public void Store_ThatCannotBeWritten_IsAFault()
    {
        var store = new ManualStore();
        var fault = new StoreFault(store);
        Assert.That(fault.Current, Is.Null);

        store.Health = new StoreHealth(false, "the disk is full");

        Assert.That(fault.Current, Is.EqualTo("the store cannot be written: the disk is full"));

        store.Health = new StoreHealth(true, "the disk is full");

        Assert.That(fault.Current, Is.EqualTo("changes of groups, sessions and overrides are refused: the disk is full"));
    }

    [Test]
    public async Task Count_OfGroupsAndSessions_IsOfThoseThatAreHeardFrom()
    {
        using var bench = new OwnerBench();
        Assert.That(bench.Directory.Count(), Is.EqualTo(new ObjectCount(0, 0)));
        var first = await bench.GroupAsync("A", "a", "b", "c");
        await bench.GroupAsync("B", "d");
        await OwnerBench.BeatAsync(first, "a");
        await OwnerBench.BeatAsync(first, "b");

        Assert.That(bench.Directory.Count(), Is.EqualTo(new ObjectCount(2, 2)));
        bench.Pass(TimeSpan.FromMinutes(1));
        Assert.That(bench.Directory.Count(), Is.EqualTo(new ObjectCount(2, 0)));
    }
}
