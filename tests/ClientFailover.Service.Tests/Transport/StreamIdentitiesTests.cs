using System.IO.Pipelines;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Tests.Groups;
using ClientFailover.Service.Transport;
using ClientFailover.Service.Transport.Adapters;
using ClientFailover.Service.Transport.Services;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport;

public sealed class StreamIdentitiesTests
{
    private readonly List<V1.ServiceMessage> _told = [];
    private FakeTimeProvider _time = null!;
    private OpenLinks _links = null!;
    private OpenWatches _watches = null!;
    private RecordingLogger<StreamIdentities> _log = null!;
    private StreamIdentities _identities = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _told.Clear();
        _time = new FakeTimeProvider();
        _links = new OpenLinks(new Lifetime(), new AccessLists(new ManualStore(), new ServiceClock(_time)));
        _watches = new OpenWatches(new ServiceOptions(), new LimitMeter(new TestMeters()));
        _log = new RecordingLogger<StreamIdentities>();
        _identities = new StreamIdentities(_links, _watches, new CallerSchemes([], []), _time, _log);
        await _identities.StartAsync(CancellationToken.None);
    }

    [TearDown]
    public void TearDown() => _identities.Dispose();

    [Test]
    public void Link_CredentialExpires_ToldOnceInTimeThenEnded()
    {
        using var link = Open(NewCredential(expires: 100, renewFrom: 70));

        Pass(69);
        Assert.That(_told, Is.Empty);
        Pass(1);
        Assert.That(_told.Single().Notice.Kind, Is.EqualTo(V1.Notice.Types.Kind.CredentialExpiring));
        Assert.That(_told.Single().Notice.RetryAfter.ToTimeSpan(), Is.EqualTo(TimeSpan.FromSeconds(30)));
        Pass(29);
        Assert.That((link.HasEnded, _told.Count), Is.EqualTo((false, 1)));
        Pass(1);

        Assert.That((link.HasEnded, link.EndReason), Is.EqualTo((true, LinkEnd.CredentialEnded)));
    }

    [Test]
    public void Link_CredentialWithdrawn_EndsWithinASecond()
    {
        var credential = NewCredential();
        using var link = Open(credential);
        Pass(5);
        Assert.That(link.HasEnded, Is.False);

        credential.Withdraw();
        Pass(1);

        Assert.That(link.EndReason, Is.EqualTo(LinkEnd.CredentialEnded));
        Assert.That(_told, Is.Empty);
    }

    [Test]
    public void Link_NoCredential_GoesOn()
    {
        using var link = Open(null);

        Pass(100);

        Assert.That((link.HasEnded, _log.Entries.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void Watch_CredentialExpires_Ends()
    {
        using var watch = _watches.Add(TestCallers.Adapter, NewCredential(expires: 10, renewFrom: 5));
        using var other = _watches.Add(TestCallers.Adapter, NewCredential());

        Pass(9);
        Assert.That(watch.Ended.IsCancellationRequested, Is.False);
        Pass(1);

        Assert.That(() => watch.Ended.IsCancellationRequested, Is.True.After(60_000, 1));
        Assert.That(other.Ended.IsCancellationRequested, Is.False);
    }

    [Test]
    public void Watch_Disposed_IsForgotten()
    {
        _watches.Add(TestCallers.Adapter, NewCredential(expires: 10)).Dispose();

        Pass(20);

        Assert.That((_watches.All.Count(), _log.Entries.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Check_ACredentialThatCannotBeJudged_DoesNotKeepOthersOpen()
    {
        var credential = NewCredential();
        using var broken = Open(new Unjudgeable());
        using var link = Open(credential);
        using var watch = _watches.Add(TestCallers.Adapter, credential);

        credential.Withdraw();
        Pass(1);

        Assert.That(link.EndReason, Is.EqualTo(LinkEnd.CredentialEnded));
        Assert.That(() => watch.Ended.IsCancellationRequested, Is.True.After(60_000, 1));
        Assert.That((broken.HasEnded, _log.Entries.Count), Is.EqualTo((false, 1)));
    }

    private void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private AdapterLink Open(VerifiedCredential? credential)
    {
        var link = new AdapterLink(new Writer(_told), PipeReader.Create(Stream.Null), new ReplyPool()) { Principal = PrincipalOf(credential) };
        _links.Add(link);
        link.Start(new V1.Welcome(), 0);
        _told.Clear();
        return link;
    }

    private static CallerPrincipal PrincipalOf(VerifiedCredential? credential) =>
        new(new Caller("a", CallerKind.User, "a", null, [], "Test"), credential);

    private Credential NewCredential(int? expires = null, int? renewFrom = null) => new()
    {
        Expires = expires is { } end ? _time.GetUtcNow().AddSeconds(end) : null,
        RenewFrom = renewFrom is { } from ? _time.GetUtcNow().AddSeconds(from) : null,
    };

    private sealed class Credential() : VerifiedCredential(new Caller("a", CallerKind.User, "a", null, [], "Test"))
    {
        private bool _isWithdrawn;

        public override bool IsRevoked => _isWithdrawn;

        public void Withdraw() => _isWithdrawn = true;
    }

    private sealed class Unjudgeable() : VerifiedCredential(new Caller("a", CallerKind.User, "a", null, [], "Test"))
    {
        public override bool IsRevoked => throw new InvalidOperationException("Nobody knows.");
    }

    private sealed class Writer(List<V1.ServiceMessage> told) : IServerStreamWriter<V1.ServiceMessage>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(V1.ServiceMessage message)
        {
            told.Add(message);
            return Task.CompletedTask;
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
