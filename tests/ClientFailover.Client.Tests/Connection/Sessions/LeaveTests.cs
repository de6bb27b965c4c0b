using System.Runtime.CompilerServices;
using ClientFailover.Client.Connection;
using ClientFailover.Client.Connection.Roles;
using ClientFailover.Client.Connection.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Sessions;

/// <summary>A stop that comes while a connection ends must not wait for it: who stops holds up a machine that shuts down.</summary>
public sealed class LeaveTests
{
    [Test]
    public async Task Run_LeftWhileAnAnswerIsStillToBeRead_EndsOnceNobodyReads()
    {
        var time = new FakeTimeProvider(FakeRig.Start);
        await using var member = new MemberCalls(new TestMember(), time, NullLogger.Instance);
        var roles = new RoleKeeper(new RoleBoard(time.GetUtcNow()), member, time, stepDown: false, NullLogger.Instance)
        {
            FailoverTimeout = TimeSpan.FromSeconds(60),
        };
        await using var link = new LateLink();
        using var session = new LinkSession(link, roles, member, time, NullLogger.Instance);
        var running = session.RunAsync(CancellationToken.None);
        await session.LeaveAsync(unregister: true).Soon();
        await link.Cancelled.Soon();

        Assert.That(running.IsCompleted, Is.False, "The last answer is still being read.");
        link.Finish();

        Assert.That(() => running.Soon(), Throws.Nothing);
    }

    [Test]
    public async Task Leave_LinkHasEndedJustBefore_FailsAtOnce()
    {
        var time = new FakeTimeProvider(FakeRig.Start);
        await using var member = new MemberCalls(new TestMember(), time, NullLogger.Instance);
        var roles = new RoleKeeper(new RoleBoard(time.GetUtcNow()), member, time, stepDown: false, NullLogger.Instance)
        {
            FailoverTimeout = TimeSpan.FromSeconds(60),
        };
        await using var link = new ScriptedTransport.Link("", ConnectionState.Stream);
        var session = new LinkSession(link, roles, member, time, NullLogger.Instance);
        session.Dispose();

        var leaving = session.LeaveAsync(unregister: true);

        Assert.That(() => leaving.Soon(), Throws.InstanceOf<LinkException>().With.Message.EqualTo("the connection ended"));
    }

    /// <summary>A link that takes the goodbye at once, and whose reading ends when the test says so.</summary>
    private sealed class LateLink : ILink
    {
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Cancelled => _cancelled.Task;

        public ConnectionState Kind => ConnectionState.Rest;

        public Told.Welcome Welcome { get; } = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), null, null, null);

        public void Finish() => _finish.TrySetResult();

        public async IAsyncEnumerable<Told> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await using var registration = cancellation.Register(_cancelled.SetResult);
            await _finish.Task;
            yield break;
        }

        public Task BeatAsync(Beat beat, CancellationToken cancellation) => Task.CompletedTask;

        public Task AcknowledgeAsync(long term, DateTimeOffset? final, CancellationToken cancellation) => Task.CompletedTask;

        public Task LeaveAsync(bool unregister, CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
