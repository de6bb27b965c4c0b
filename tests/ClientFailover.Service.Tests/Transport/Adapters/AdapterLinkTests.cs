using System.IO.Pipelines;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Transport.Adapters;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Adapters;

public sealed class AdapterLinkTests
{
    [Test]
    public void Assign_BeforeStart_IsSentAfterTheWelcome()
    {
        var writer = new Writer();
        using var link = new AdapterLink(writer, PipeReader.Create(Stream.Null), new ReplyPool());
        link.Assign(new Assignment(1, Role.Primary, 1, Reason.OnlyClientInGroup, null));
        Assert.That(writer.Written, Is.Empty);

        link.Start(new V1.Welcome(), 0);

        Assert.That(writer.Written.Select(m => m.MessageCase), Is.EqualTo(
            [V1.ServiceMessage.MessageOneofCase.Welcome, V1.ServiceMessage.MessageOneofCase.Assignment]));
    }

    [Test]
    public async Task Reply_PeerDoesNotRead_KeepsTheNewestOfEachKind()
    {
        var writer = new Writer { Blocked = true };
        using var link = new AdapterLink(writer, PipeReader.Create(Stream.Null), new ReplyPool());
        link.Start(new V1.Welcome(), 0);

        for (var i = 1; i <= 1000; i++)
        {
            link.Reply(i, new LinkResult(new RoleReply(Role.Secondary, 1, null), 0, null));
            link.Assign(new Assignment(i, i % 2 == 0 ? Role.Primary : Role.Secondary, i, Reason.RoleOverride, null));
        }

        writer.Unblock();
        await link.FinishAsync();

        Assert.That(writer.Written, Has.Count.EqualTo(3));
        Assert.That(writer.Written[1].HeartbeatReply.Sequence, Is.EqualTo(1000));
        Assert.That(writer.Written[2].Assignment.Term, Is.EqualTo(1000), "The assignment has the last word.");
    }

    [Test]
    public void Assign_OlderThanTheLast_IsNotSent()
    {
        var writer = new Writer();
        using var link = new AdapterLink(writer, PipeReader.Create(Stream.Null), new ReplyPool());
        link.Start(new V1.Welcome(), 0);
        link.Assign(new Assignment(2, Role.Secondary, 2, Reason.RoleOverride, null));

        link.Assign(new Assignment(1, Role.Primary, 1, Reason.OnlyClientInGroup, null));

        Assert.That(writer.Written[^1].Assignment.Term, Is.EqualTo(2));
        Assert.That(writer.Written, Has.Count.EqualTo(2));
    }

    [TestCase(4, false)]
    [TestCase(5, false)]
    [TestCase(6, true)]
    public void Assign_WelcomeTakesAccountOfIt_IsNotSent(long sequence, bool sent)
    {
        var late = new Assignment(sequence, Role.Primary, 1, Reason.OnlyClientInGroup, null);
        foreach (var beforeStart in new[] { true, false })
        {
            var writer = new Writer();
            using var link = new AdapterLink(writer, PipeReader.Create(Stream.Null), new ReplyPool());
            if (beforeStart)
            {
                link.Assign(late);
            }

            link.Start(new V1.Welcome { Term = 2 }, 5);
            if (!beforeStart)
            {
                link.Assign(late);
            }

            Assert.That(writer.Written, Has.Count.EqualTo(sent ? 2 : 1));
        }
    }

    [Test]
    public void Reply_OlderThanTheLastAssignment_TakesItsRole()
    {
        var writer = new Writer();
        using var link = new AdapterLink(writer, PipeReader.Create(Stream.Null), new ReplyPool());
        link.Start(new V1.Welcome(), 0);
        link.Assign(new Assignment(2, Role.Primary, 5, Reason.PrimaryTimedOut, null));

        link.Reply(1, new LinkResult(new RoleReply(Role.Secondary, 4, null), 1, null));

        var reply = writer.Written[^1].HeartbeatReply;
        Assert.That((reply.Role, reply.Term), Is.EqualTo((V1.Role.Primary, 5L)));
    }

    [Test]
    public async Task FinishAsync_SomethingLeft_IsSentFirst()
    {
        var writer = new Writer { Blocked = true };
        using var link = new AdapterLink(writer, PipeReader.Create(Stream.Null), new ReplyPool());
        link.Start(new V1.Welcome(), 0);
        link.Stop();

        var finished = link.FinishAsync();
        Assert.That(finished.IsCompleted, Is.False);
        writer.Unblock();
        await finished;

        Assert.That(writer.Written[^1].Notice.Kind, Is.EqualTo(V1.Notice.Types.Kind.ShuttingDown));
    }

    [Test]
    public async Task FinishAsync_PeerIsGone_IsDone()
    {
        var writer = new Writer { Fault = new IOException("gone") };
        using var link = new AdapterLink(writer, PipeReader.Create(Stream.Null), new ReplyPool());
        link.Start(new V1.Welcome(), 0);

        await link.FinishAsync();

        Assert.That(writer.Written, Is.Empty);
    }

    private sealed class Writer : IServerStreamWriter<V1.ServiceMessage>
    {
        private readonly TaskCompletionSource _unblocked = new();

        public List<V1.ServiceMessage> Written { get; } = [];

        public bool Blocked { get; set; }

        public Exception? Fault { get; set; }

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(V1.ServiceMessage message)
        {
            if (Fault is not null)
            {
                return Task.FromException(Fault);
            }

            Written.Add(message);
            return Blocked ? _unblocked.Task : Task.CompletedTask;
        }

        public void Unblock()
        {
            Blocked = false;
            _unblocked.SetResult();
        }
    }
}
