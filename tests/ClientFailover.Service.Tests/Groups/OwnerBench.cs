using System.Collections.Concurrent;
using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Tenants;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

/// <summary>Owners of groups in virtual time, with a store that the test answers for.</summary>
internal sealed class OwnerBench : IDisposable
{
    public const string Tenant = "default";

    public static readonly TimeSpan FailoverTimeout = TimeSpan.FromSeconds(10);

    public OwnerBench(EngineSettings? settings = null, ILogger<GroupOwner>? logger = null, NamespaceOptions? limits = null)
    {
        Clock = new ServiceClock(Time);
        Scheduler = new DeadlineScheduler(Clock, NullLogger<DeadlineScheduler>.Instance);
        Access = new AccessLists(Store, Clock);
        Tenants = new TenantDirectory(Store, Clock, Access, Options.Create(limits ?? new NamespaceOptions()));
        Services = new OwnerServices(settings ?? new EngineSettings(), Store, Scheduler, Clock, Watch, Access, Tenants, logger ?? NullLogger<GroupOwner>.Instance);
        Directory = new GroupDirectory(Services);
        Scheduler.Everybody = () => Directory.Owners;
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));

    public ManualStore Store { get; } = new();

    public WatchHub Watch { get; } = new();

    public ServiceClock Clock { get; }

    public AccessLists Access { get; }

    public TenantDirectory Tenants { get; }

    public DeadlineScheduler Scheduler { get; }

    public OwnerServices Services { get; }

    public GroupDirectory Directory { get; }

    public static GroupKey Key(string group) => new(Tenant, Tenant, group);

    /// <summary>A group with sessions, none of which was heard from.</summary>
    public async Task<IGroupOwner> GroupAsync(string group = "G", params string[] sessions)
    {
        var owner = Directory.FindOrAdd(Key(group));
        await owner.ChangeAsync(new CreateGroup(new RequestedGroup(group, null, null, FailoverTimeout, null), FailoverTimeout), default);
        foreach (var session in sessions)
        {
            await owner.EnsureSessionAsync(new RegisterSession(session, null, null), default);
        }

        return owner;
    }

    public static async Task<RoleReply> BeatAsync(IGroupOwner owner, string session, float score = 100)
    {
        var result = await owner.HeartbeatAsync(session, new HeartbeatReport(score, null, null), default);
        Assert.That(result.Refusal, Is.Null);
        return result.Reply!.Value;
    }

    /// <summary>Waits until the store was given a number of writes that it has not taken.</summary>
    public void AwaitWrites(int number) => Assert.That(() => Store.Waiting, Is.EqualTo(number).After(60_000, 1));

    /// <summary>Lets time pass in the steps in which the real thread looks at its clock.</summary>
    public void Pass(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= DeadlineScheduler.LongestWait)
        {
            Time.Advance(left < DeadlineScheduler.LongestWait ? left : DeadlineScheduler.LongestWait);
            Scheduler.RunDue();
        }
    }

    public void Dispose()
    {
        Scheduler.Dispose();
        Tenants.Dispose();
    }
}

/// <summary>A stream that keeps what it is told.</summary>
internal sealed class RecordingLink : IAdapterLink
{
    private static long lastId;

    public long Id { get; } = Interlocked.Increment(ref lastId);

    public Session? Session { get; set; }

    public BlockingCollection<Assignment> Assignments { get; } = [];

    public TaskCompletionSource<LinkEnd> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Assign(Assignment assignment) => Assignments.Add(assignment);

    public void End(LinkEnd reason) => Ended.TrySetResult(reason);

    /// <summary>The next assignment; waits for it.</summary>
    public Assignment Next()
    {
        Assert.That(Assignments.TryTake(out var assignment, TimeSpan.FromSeconds(60)), Is.True, "No assignment was pushed.");
        return assignment!;
    }
}
