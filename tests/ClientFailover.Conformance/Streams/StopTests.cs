using ClientFailover.Conformance.Running;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>What adapters see of a service that is stopped and started again.</summary>
public sealed class StopTests
{
    [Test]
    public async Task Stop_WithOpenStreams_GivesNoticeThenEndsAndKeepsRoles()
    {
        using var folder = DataFolder.Create();
        var group = CallerActions.NewId();
        await using (var service = await RunningService.StartAsync(folder.Path))
        {
            using var caller = new Caller(service);
            using var a = await AdapterStream.JoinAsPrimaryAsync(caller, group, "a");
            using var b = await AdapterStream.JoinAsync(caller, group, "b");
            using var watcher = await Watcher.StartAsync(caller, group);

            service.RequestStop();
            foreach (var stream in new[] { a, b })
            {
                var notice = await stream.NoticeAsync();
                var end = await stream.EndAsync();
                Assert.That(notice.Kind, Is.EqualTo(V1.Notice.Types.Kind.ShuttingDown));
                Assert.That(notice.Message, Is.Not.Empty);
                Assert.That(notice.Endpoints, Is.Empty);
                end.MustBe(StatusCode.Unavailable, "SERVICE_STOPPING");
            }

            Assert.That((await watcher.EndAsync()).StatusCode, Is.EqualTo(StatusCode.Unavailable));
            Assert.That(await service.ExitAsync(), Is.Zero);
        }

        await using (var service = await RunningService.StartAsync(folder.Path))
        {
            using var caller = new Caller(service);
            using var b = await AdapterStream.JoinAsync(caller, group, "b", hello => hello.LastKnownTerm = 1);
            using var a = await AdapterStream.JoinAsync(caller, group, "a", hello => hello.LastKnownTerm = 1);

            Assert.That((a.Welcome.Role, a.Welcome.Term), Is.EqualTo((V1.Role.Primary, 1)));
            Assert.That((b.Welcome.Role, b.Welcome.Term), Is.EqualTo((V1.Role.Secondary, 1)));
            Assert.That((await b.BeatAndReadAsync(100)).Role, Is.EqualTo(V1.Role.Secondary));
            Assert.That((await a.BeatAndReadAsync(50)).Role, Is.EqualTo(V1.Role.Primary));
        }
    }
}
