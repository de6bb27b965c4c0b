using ClientFailover.Conformance.Running;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>How a stream ends while the service goes on.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class EndTests
{
    private static Caller Caller => SharedService.Caller;

    [Test]
    public async Task Goodbye_Unregister_DeletesTheSessionAndPromotesAnother()
    {
        using var pair = await StreamPair.JoinAsync(Caller);

        await pair.Primary.LeaveAsync(unregister: true);
        var end = await pair.Primary.EndAsync();
        var promoted = await pair.Secondary.AssignmentAsync();

        Assert.That(end.StatusCode, Is.EqualTo(StatusCode.OK));
        Assert.That((promoted.Role, promoted.Term, promoted.Reason), Is.EqualTo((V1.Role.Primary, 2, V1.Reason.PrimaryUnregistered)));
        var gone = Refusals.Of(Caller.SessionAsync(pair.Group, "a"));
        Assert.That(gone.StatusCode, Is.EqualTo(StatusCode.NotFound));
    }

    [Test]
    public async Task Goodbye_OnlyDisconnect_KeepsSessionAndRole()
    {
        using var pair = await StreamPair.JoinAsync(Caller);

        await pair.Primary.LeaveAsync(unregister: false);
        var end = await pair.Primary.EndAsync();
        await Caller.LetPassAsync(TimeSpan.FromSeconds(1));

        Assert.That(end.StatusCode, Is.EqualTo(StatusCode.OK));
        Assert.That((await Caller.StatusAsync(pair.Group)).Primary, Is.EqualTo("a"), "Its session goes on until its deadline.");
    }

    [Test]
    public async Task Goodbye_MessagesAfterIt_ChangeNothing()
    {
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsync(Caller, group, "a");

        await stream.LeaveAsync(unregister: false);
        try
        {
            await stream.BeatAsync(50);
        }
        catch (RpcException)
        {
            // The service was quicker: the stream is over.
        }

        Assert.That((await stream.EndAsync()).StatusCode, Is.EqualTo(StatusCode.OK));
        Assert.That((await Caller.SessionAsync(group, "a")).HeartbeatPosted, Is.False);
    }

    [Test]
    public async Task Connect_SecondStreamOfTheSession_ReplacesTheFirst()
    {
        using var pair = await StreamPair.JoinAsync(Caller);

        using var second = await AdapterStream.JoinAsync(Caller, pair.Group, "A", hello => hello.LastKnownTerm = 1);
        var end = await pair.Primary.EndAsync();
        await Caller.LetPassAsync(TimeSpan.FromSeconds(1));

        end.MustBe(StatusCode.Aborted, "STREAM_REPLACED");
        Assert.That((await second.BeatAndReadAsync(50)).Role, Is.EqualTo(V1.Role.Primary), "What the service ends is no lost connection.");
    }

    [Test]
    public async Task DeleteSession_WithAStream_EndsItWithNotFound()
    {
        using var pair = await StreamPair.JoinAsync(Caller);

        await Caller.DeleteSessionAsync(pair.Group, "a");
        var end = await pair.Primary.EndAsync();

        end.MustBe(StatusCode.NotFound, "SESSION_NOT_FOUND");
        Assert.That((await pair.Secondary.AssignmentAsync()).Role, Is.EqualTo(V1.Role.Primary));
    }

    [Test]
    public async Task DeleteGroup_WithAStream_EndsItWithNotFound()
    {
        var group = CallerActions.NewId();
        using var watcher = await Watcher.StartAsync(Caller, group);
        using var stream = await AdapterStream.JoinAsync(
            Caller, group, "a", hello => hello.Group.FailoverTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)));
        await watcher.UntilAsync(V1.Reason.SessionTimedOut);

        await Caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = group });
        var end = await stream.EndAsync();

        end.MustBe(StatusCode.NotFound, "SESSION_NOT_FOUND");
    }
}
