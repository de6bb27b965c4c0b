using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>Access control lists as open streams and watches meet them.</summary>
public sealed class AccessControlStreamTests : AccessListTestsBase
{
    [Test]
    public async Task Stream_CallerLosesWrite_IsEndedWithTheReason([Values(1, 2)] int denied)
    {
        var group = await CreateGroupAsync();
        using var stream = GrpcOf(TestCallers.Adapter).Open(Connect);
        using var other = GrpcOf(TestCallers.Administrator).Open(Connect);
        await stream.RequestStream.WriteAsync(Bytes(Hello(group, "a")));
        await ReadAsync<V1.ServiceMessage>(stream.ResponseStream);
        await other.RequestStream.WriteAsync(Bytes(Hello(group, "b")));
        await ReadAsync<V1.ServiceMessage>(other.ResponseStream);

        await DenyAsync($"{Base}/{group}/accesscontrol", denied);
        var end = await EndAsync(stream.ResponseStream);

        Assert.That((end.StatusCode, CodeOf(end)), Is.EqualTo((StatusCode.PermissionDenied, "ACCESS_DENIED")));
        Assert.That(end.Status.Detail, Does.Contain($"Access to group '{group}' was denied."));
        await other.RequestStream.WriteAsync(Bytes(new V1.AdapterMessage { Heartbeat = new V1.StreamHeartbeat { Sequence = 1, FailoverScore = 1 } }));
        Assert.That((await ReadAsync<V1.ServiceMessage>(other.ResponseStream)).MessageCase, Is.Not.EqualTo(V1.ServiceMessage.MessageOneofCase.None));
        using var again = GrpcOf(TestCallers.Adapter).Open(Connect);
        await again.RequestStream.WriteAsync(Bytes(Hello(group, "a")));
        Assert.That(CodeOf(await EndAsync(again.ResponseStream)), Is.EqualTo("ACCESS_DENIED"));
    }

    [Test]
    public async Task Watch_CallerLosesRead_IsEndedWithTheReason([Values] bool ofOneGroup)
    {
        var group = await CreateGroupAsync();
        using var watch = GrpcOf(TestCallers.Adapter).Open(
            V1.EventService.Descriptor.FindMethodByName("WatchEvents"), ofOneGroup ? new V1.WatchEventsRequest { Group = group } : new V1.WatchEventsRequest());
        await UntilCompleteAsync(watch.ResponseStream);

        await DenyAsync(ofOneGroup ? $"{Base}/{group}/accesscontrol" : Collection, 1);
        var end = await EndAsync(watch.ResponseStream);

        Assert.That((end.StatusCode, CodeOf(end)), Is.EqualTo((StatusCode.PermissionDenied, "ACCESS_DENIED")));
    }

    [Test]
    public async Task Watch_OverAllGroups_ShowsWhatMayBeReadAtAnyTime()
    {
        var group = await CreateGroupAsync();
        using var watch = GrpcOf(TestCallers.Adapter).Open(V1.EventService.Descriptor.FindMethodByName("WatchEvents"), new V1.WatchEventsRequest());
        Assert.That(await UntilCompleteAsync(watch.ResponseStream), Does.Contain(group));

        await DenyAsync($"{Base}/{group}/accesscontrol", 1);
        Assert.That(await UntilCompleteAsync(watch.ResponseStream), Does.Not.Contain(group));

        // What happens in it, its end included, is not told; what happens after it elsewhere is.
        await MustAsync(Admin, "POST", $"{Base}/{group}/clientsessions", """{"Id":"s"}""");
        await MustAsync(Admin, "DELETE", $"{Base}/{group}/clientsessions/s");
        await MustAsync(Admin, "DELETE", $"{Base}/{group}");
        var later = await CreateGroupAsync();
        Assert.That((await ReadAsync<V1.WatchEventsResponse>(watch.ResponseStream)).Event.GroupId, Is.EqualTo(later));

        // Nor is it told to one who resumes from before.
        using var resumed = GrpcOf(TestCallers.Adapter).Open(V1.EventService.Descriptor.FindMethodByName("WatchEvents"), new V1.WatchEventsRequest { After = 0 });
        Assert.That((await ReadAsync<V1.WatchEventsResponse>(resumed.ResponseStream)).Resumed, Is.True);
        V1.Event told;
        do
        {
            told = (await ReadAsync<V1.WatchEventsResponse>(resumed.ResponseStream)).Event;
            Assert.That((told.GroupId, told.Reason), Is.Not.EqualTo((group, V1.Reason.SessionRegistered)).And.Not.EqualTo((group, V1.Reason.GroupDeleted)));
        }
        while (told.GroupId != later);
    }

    private static async Task<List<string>> UntilCompleteAsync(IAsyncStreamReader<byte[]> watch)
    {
        var groups = new List<string>();
        while (await ReadAsync<V1.WatchEventsResponse>(watch) is { SnapshotComplete: false } update)
        {
            if (update.State is { } state)
            {
                groups.Add(state.Group.Id);
            }
        }

        return groups;
    }
}
