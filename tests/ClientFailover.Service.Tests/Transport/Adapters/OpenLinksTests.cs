using System.IO.Pipelines;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Tests.Identity;
using ClientFailover.Service.Transport.Adapters;
using ClientFailover.Service.Transport.Services;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Adapters;

/// <summary>Streams and watches of callers whose access is revoked.</summary>
public sealed class OpenLinksTests
{
    private readonly UserAccount _account = new("adapter", "hash", Roles.Users);
    private TemporaryDirectory _directory = null!;
    private DataDirectory _data = null!;
    private FakeTimeProvider _time = null!;
    private UserStore _users = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _data = DataDirectory.Open(_directory.Path);
        _time = new FakeTimeProvider();
        _users = UserStore.Open(_data, TestHasher.Create(), _time, NullLogger<UserStore>.Instance);
    }

    [TearDown]
    public void TearDown()
    {
        _data.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void Add_CallerRevokedMeanwhile_EndsTheStreamAndTheWatch()
    {
        var account = new UserAccount("adapter", "hash", Roles.Users);
        using var link = NewLink(account);
        account.Revoke();
        using var ended = new CancellationTokenSource();

        NewLinks().Add(link);
        using var watch = new OpenWatches(_users).Add(new DefaultHttpContext { User = PrincipalOf(account) }, ended);

        Assert.That(link.EndReason, Is.EqualTo(LinkEnd.AccessRevoked));
        Assert.That((watch.IsRevoked, ended.IsCancellationRequested), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task Watch_FileChangesWhileNobodyLogsOn_EndsStreamsOfThatAccountAlone()
    {
        var name = new UserChanges(_directory.Path, TestHasher.Create()).List().Single(a => a.Role == Roles.Users).Name;
        Assert.That(_users.TryFind(name, out var account), Is.True);
        using var watch = new UserStoreWatch(_users, _time);
        await watch.StartAsync(CancellationToken.None);
        var links = NewLinks();
        using var ended = NewLink(account!);
        using var kept = NewLink(_account);
        links.Add(ended);
        links.Add(kept);

        Assert.That(new UserChanges(_directory.Path, TestHasher.Create()).Remove(name), Is.Null);
        Assert.That(
            () =>
            {
                _time.Advance(UserStore.CheckInterval);
                return ended.HasEnded;
            },
            Is.True.After(60_000, 10));

        Assert.That(ended.EndReason, Is.EqualTo(LinkEnd.AccessRevoked));
        Assert.That(kept.HasEnded, Is.False);
        await watch.StopAsync(CancellationToken.None);
    }

    private static CallerPrincipal PrincipalOf(UserAccount account) =>
        new(new Caller(account.Name, CallerKind.User, account.Name, null, [account.Role], "Basic"), account);

    private static AdapterLink NewLink(UserAccount account) =>
        new(new SilentWriter(), PipeReader.Create(Stream.Null), new ReplyPool()) { Principal = PrincipalOf(account) };

    private OpenLinks NewLinks() => new(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), _users);

    private sealed class SilentWriter : IServerStreamWriter<V1.ServiceMessage>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(V1.ServiceMessage message) => Task.CompletedTask;
    }
}
