using ClientFailover.Service.Audit;
using ClientFailover.Service.Transport.Auditing;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>What an administrator asks for in vain does not push out of the audit what others did.</summary>
public sealed class FailingCallsTests : ApiTests
{
    private const string Groups = "/api/v1/clientfailover/groups";

    [Test]
    public async Task DeleteGroup_TenThousandTimesInVain_IsAFewEntriesAndWhatWasDoneIsThere()
    {
        const int calls = 10_000;
        var group = await CreateGroupAsync();
        await MustAsync(Admin, "POST", $"{Groups}/{group}/clientsessions", """{"Id":"s"}""");
        var before = Host.Audit.Entries.Count;

        await Parallel.ForEachAsync(
            Enumerable.Range(0, calls), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => Assert.That((await SendAsync(Admin, "DELETE", $"{Groups}/none{i}")).Status, Is.EqualTo(404)));
        for (var i = 0; i < 10; i++)
        {
            await MustAsync(Admin, "POST", $"{Groups}/{group}/clientsessions/s/roleoverride", $$"""{"Value":{{i % 2}}}""");
        }

        await Host.App.Services.GetRequiredKeyedService<RefusalSummary>(RefusalSummary.OfAdministrators).StopAsync(default);

        var entries = Host.Audit.Entries.Skip(before).ToList();
        Assert.That(entries.Count(e => e is { Action: "SessionService.SetRoleOverride", Result: AuditEntry.Done }), Is.EqualTo(10), "What was done is an entry each.");
        var failed = entries.Where(e => e is { Action: "GroupService.DeleteGroup", Result: "GROUP_NOT_FOUND" }).ToList();
        Assert.That(failed, Has.Count.EqualTo(2));
        Assert.That((failed[0].Who, failed[1].Who), Is.EqualTo(("admin", "admin")));
        Assert.That(failed[1].Detail, Does.StartWith($"{calls - 1} more like this"));
    }

    [Test]
    public async Task RecordAsync_CallsThatWereGivenUp_AreAnEntryEachForTheyMayBeDone()
    {
        var calls = Host.App.Services.GetRequiredService<AdministrativeCalls>();
        var before = Host.Audit.Entries.Count;
        foreach (var (group, status) in new[] { ("a", StatusCode.Cancelled), ("b", StatusCode.Cancelled), ("c", StatusCode.DeadlineExceeded), ("d", StatusCode.Unavailable) })
        {
            var request = new V1.DeleteGroupRequest { GroupId = group };
            var failed = Task.FromException<Empty>(new RpcException(new Status(status, "given up")));
            Assert.That(() => calls.RecordAsync(request, new CallOf(new DefaultHttpContext()), failed), Throws.InstanceOf<RpcException>());
        }

        Assert.That(Host.Audit.Entries.Skip(before).Select(e => e.Target.Split('/')[^1]), Is.EqualTo(["a", "b", "c", "d"]));
    }
}
