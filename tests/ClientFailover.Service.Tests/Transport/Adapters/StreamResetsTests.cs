using ClientFailover.Service.Limits;
using ClientFailover.Service.Transport.Adapters;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Adapters;

/// <summary>Which broken adapter streams count against the connection that they share.</summary>
public sealed class StreamResetsTests
{
    private const int Allowed = 10;

    private LimitMeter _meter = null!;
    private Connection _connection = null!;

    [SetUp]
    public void SetUp()
    {
        _meter = new LimitMeter(new TestMeters());
        _connection = new Connection();
        new ConnectionConduct(new Rate(new FakeTimeProvider(), 1, Allowed), most: 0, _meter).AddTo(_connection.Items);
    }

    [TearDown]
    public void TearDown()
    {
        _connection.Dispose();
        _meter.Dispose();
    }

    [TestCase(0)]
    [TestCase(0.9)]
    public void Broke_BeforeHelloOrRightAfter_IsAReset(double seconds)
    {
        Break(Allowed, seconds);
        Assert.That(_connection.Aborts, Is.Zero);

        Break(1, seconds);

        Assert.That(_connection.Aborts, Is.EqualTo(1));
    }

    [TestCase(1)]
    [TestCase(86_400)]
    public void Broke_AdaptersOfAGatewayThatWereThere_AreNoResets(double seconds)
    {
        Break(1_000, seconds);

        Assert.That(_connection.Aborts, Is.Zero);
    }

    [Test]
    public void Broke_TheConnectionItselfIsGone_IsNoReset()
    {
        _connection.Close();

        Break(1_000, 0);

        Assert.That(_connection.Aborts, Is.Zero);
    }

    [Test]
    public void Broke_ToldOfTwice_CountsOnce()
    {
        var stream = Open();
        for (var i = 0; i < 2 * Allowed; i++)
        {
            StreamResets.Broke(stream, TimeSpan.Zero);
        }

        Assert.That(_connection.Aborts, Is.Zero);
    }

    private void Break(int times, double seconds)
    {
        for (var i = 0; i < times; i++)
        {
            StreamResets.Broke(Open(), TimeSpan.FromSeconds(seconds));
        }
    }

    private DefaultHttpContext Open()
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IConnectionItemsFeature>(_connection);
        http.Features.Set<IConnectionLifetimeFeature>(_connection);
        return http;
    }

    private sealed class Connection : IConnectionItemsFeature, IConnectionLifetimeFeature, IDisposable
    {
        private readonly CancellationTokenSource _closed = new();

        public int Aborts { get; private set; }

        public IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public CancellationToken ConnectionClosed
        {
            get => _closed.Token;
            set => throw new NotSupportedException();
        }

        public void Abort() => Aborts++;

        public void Close() => _closed.Cancel();

        public void Dispose() => _closed.Dispose();
    }
}
