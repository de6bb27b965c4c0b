using System.Diagnostics;
using ClientFailover.Conformance.Disk;
using ClientFailover.Conformance.Running;
using ClientFailover.HealthReceiver;
using NUnit.Framework;

namespace ClientFailover.Conformance.Health;

/// <summary>What health endpoints get of a service: from its configuration to its end.</summary>
public sealed class HealthTests
{
    private const int Good = 0, InError = 1, Shutdown = 2;

    private static readonly string[] Start = ["type", "static", "container", "link", "data"];

    // What the whole stop may take, and what a machine may be slow.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    [Test]
    public async Task Life_FromStartToStopAndAgain_IsToldInOrder()
    {
        using var folder = DataFolder.Create();
        await using var server = await HealthEndpoints.ReceiveAsync();
        var receiver = server.Receiver;
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            await caller.CreatePairAsync("group");
            await service.ConfigureAsync(HealthEndpoints.At("pi", server.Endpoint));
            await server.UntilAsync(r => r.StatusesOf().Count == 1);
            Assert.That(receiver.Posts.Select(p => p.Kind), Is.EqualTo(Start));
            Assert.That(receiver.ValuesOf(HealthEndpoints.Count).Single().Json.GetRawText(), Does.Contain("\"Groups\":1,\"Sessions\":2"));
            Assert.That(receiver.Elements.Values.Select(e => e.GetRawText()), Has.Exactly(2).Contains($"\"https://{Environment.MachineName}:{service.Tls.Port}/api/v1/\""));

            Assert.That(await service.StopAsync(), Is.Zero);
        }

        Assert.That(receiver.StatusesOf(), Is.EqualTo(new[] { Good, Shutdown }));
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            await server.UntilAsync(r => r.StatusesOf().Count == 3);
            Assert.That(receiver.Posts.Skip(6).Select(p => p.Kind), Is.EqualTo(Start), "Types and all that follows are told again.");
            await service.KillAsync();
        }

        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            await server.UntilAsync(r => r.StatusesOf().Count == 4);
            Assert.That(await service.StopAsync(), Is.Zero);
        }

        Assert.That(receiver.StatusesOf(), Is.EqualTo(new[] { Good, Shutdown, Good, Good, Shutdown }), "Who is killed says nothing.");
        Assert.That(receiver.Violations, Is.Empty);
        Assert.That(receiver.Posts.Select(p => p.Header("compression")), Is.All.EqualTo("gzip"));
    }

    [Test]
    public async Task Endpoint_RemovedAtRunTime_GetsNothingMore()
    {
        using var folder = DataFolder.Create();
        await using var hung = await HealthEndpoints.ReceiveAsync(_ => new Fault.Hang());
        await using var other = await HealthEndpoints.ReceiveAsync();
        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        await service.ConfigureAsync(HealthEndpoints.At("hung", hung.Endpoint));
        await hung.UntilAsync(r => r.Hanging == 1);

        await service.ConfigureAsync(HealthEndpoints.At("other", other.Endpoint));
        await hung.UntilAsync(r => r.Hanging == 0);
        await other.UntilAsync(r => r.StatusesOf().Count == 1);
        Assert.That(await service.StopAsync(), Is.Zero);

        Assert.That(other.Receiver.StatusesOf(), Is.EqualTo(new[] { Good, Shutdown }));
        Assert.That(hung.Receiver.Posts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Endpoints_DeadSlowAndLying_CostTheOthersAndTheEngineNothing()
    {
        using var folder = DataFolder.Create();
        await using var good = await HealthEndpoints.ReceiveAsync();
        await using var gone = await HealthEndpoints.ReceiveAsync();
        await gone.DisposeAsync();
        var bad = new List<HealthReceiver.Hosting.ReceiverServer>();
        foreach (var fault in new Fault[] { new Fault.Hang(), new Fault.Hang(), new Fault.Hang(), new Fault.Cut(), new Fault.Status(500), new Fault.Status(401), new Fault.Status(503, "600"), new Fault.Status(302), new Fault.Nested(500) })
        {
            bad.Add(await HealthEndpoints.ReceiveAsync(_ => fault));
        }

        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        using var caller = new Caller(service);
        await caller.CreatePairAsync("group");
        var endpoints = bad.Select(b => b.Endpoint).Append(gone.Endpoint).Select((e, i) => HealthEndpoints.At($"bad-{i}", e));
        await service.ConfigureAsync([.. endpoints, HealthEndpoints.At("good", good.Endpoint)]);
        foreach (var server in bad)
        {
            await server.UntilAsync(r => r.Posts.Count > 0);
        }

        await good.UntilAsync(r => r.StatusesOf().Count == 1);
        for (var beat = 0; beat < 100; beat++)
        {
            Assert.That(await caller.BeatAsync("group", "a", 50), Is.EqualTo(V1.Role.Primary));
            Assert.That(await caller.BeatAsync("group", "b", 50), Is.EqualTo(V1.Role.Secondary));
        }

        var clock = Stopwatch.StartNew();
        Assert.That(await service.StopAsync(), Is.Zero);
        Assert.That(clock.Elapsed, Is.LessThan(LongestStop));
        Assert.That(good.Receiver.StatusesOf(), Is.EqualTo(new[] { Good, Shutdown }));
        Assert.That(good.Receiver.Violations, Is.Empty);
        var told = service.Output.Split('\n').Where(l => l.Contains("Health cannot be sent", StringComparison.Ordinal)).ToList();
        Assert.That(told, Has.Count.EqualTo(10), "Each once.");
        foreach (var server in bad)
        {
            await server.DisposeAsync();
        }
    }

    [Test]
    public async Task Store_ThatCannotBeWritten_IsToldAtOnceAndWhenItIsOver()
    {
        using var folder = DataFolder.Create();
        await using var server = await HealthEndpoints.ReceiveAsync();
        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        using var caller = new Caller(service);
        await service.ConfigureAsync(HealthEndpoints.At("pi", server.Endpoint));
        await server.UntilAsync(r => r.StatusesOf().Count == 1);
        using (new DatabaseLock(service))
        {
            Refusals.Of(caller.CreateGroupAsync("group"));
            await server.UntilAsync(r => r.StatusesOf()[^1] == InError);
        }

        await StoreTrouble.UntilOverAsync(() => caller.CreateGroupAsync("group"));
        await server.UntilAsync(r => r.StatusesOf()[^1] == Good);

        Assert.That(server.Receiver.StatusesOf().Distinct(), Is.EqualTo(new[] { Good, InError }));
        await service.UntilToldAsync("The status of the service is DeviceInError: the store cannot be written: another program has locked the database");
        await service.UntilToldAsync("The status of the service is Good again");
        Assert.That(server.Receiver.Violations, Is.Empty);
    }

    [Test]
    public async Task Certificate_ThatHasExpired_IsToldFromTheStart()
    {
        using var folder = DataFolder.Create();
        var certificates = Directory.CreateDirectory(folder.File("Certificates"));
        var keys = Directory.CreateDirectory(Path.Combine(certificates.FullName, "Keys"));
        using var expired = TestCertificates.Create(DateTimeOffset.UtcNow.AddDays(-9), DateTimeOffset.UtcNow.AddDays(-1));
        await File.WriteAllTextAsync(Path.Combine(certificates.FullName, "old.crt"), expired.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(keys.FullName, "old.key"), TestCertificates.KeyOf(expired));
        await using var server = await HealthEndpoints.ReceiveAsync();
        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        await service.ConfigureAsync(HealthEndpoints.At("pi", server.Endpoint));

        await server.UntilAsync(r => r.StatusesOf().Count == 1);
        Assert.That(await service.StopAsync(), Is.Zero);

        Assert.That(server.Receiver.StatusesOf(), Is.EqualTo(new[] { InError, Shutdown }));
        Assert.That(service.Output, Does.Contain("The status of the service is DeviceInError: the TLS certificate has expired"));
    }
}
