using System.Net.Sockets;
using ClientFailover.Benchmarks.Http2;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Benchmarks.Fleets;

/// <summary>
/// Responsible for many adapters with open streams, all driven by the one thread that calls it: one core at most for
/// the load, the rest of the machine for the server.
/// </summary>
internal sealed class StreamFleet : IStreamHandler, IDisposable
{
    private const string ConnectPath = "/clientfailover.v1.AdapterService/Connect";

    private readonly List<Http2Connection> _connections = [];
    private readonly Dictionary<Socket, Http2Connection> _bySocket = [];
    private readonly Dictionary<Http2Connection, List<StreamSession>> _byConnection = [];
    private readonly List<Socket> _ready = [];
    private readonly byte[] _headers;
    private readonly ServerAddress _server;
    private readonly FleetPlan _plan;
    private int _welcomed;

    /// <summary>Makes a fleet that is not connected yet.</summary>
    /// <param name="server">The server.</param>
    /// <param name="plan">How many, and how.</param>
    public StreamFleet(ServerAddress server, FleetPlan plan)
    {
        _server = server;
        _plan = plan;
        _headers = RequestHeaders.Encode(server.Grpc.ToString(), ConnectPath, server.Authorization);
    }

    /// <summary>The adapters, in the order of their numbers.</summary>
    public List<StreamSession> Sessions { get; } = [];

    /// <summary>Takes what the service says; null: nobody.</summary>
    public IFleetObserver? Observer { get; set; }

    /// <summary>Messages that were neither answers nor assignments: each is a reason to doubt the result.</summary>
    public int Notices { get; private set; }

    /// <summary>Connects, opens all streams, says hello, and waits for every welcome.</summary>
    public void Open()
    {
        var perConnection = (_plan.Sessions + _plan.Connections - 1) / _plan.Connections;
        for (var number = 0; number < _plan.Connections; number++)
        {
            var connection = new Http2Connection(_server.Grpc, this);
            _connections.Add(connection);
            _bySocket.Add(connection.Socket, connection);
            var sessions = new List<StreamSession>(perConnection);
            _byConnection.Add(connection, sessions);
            connection.Receive();
            for (var i = 0; i < perConnection && Sessions.Count < _plan.Sessions; i++)
            {
                var session = OpenSession(connection, Sessions.Count);
                sessions.Add(session);
                Sessions.Add(session);
            }

            connection.Flush();
            while (_welcomed < Sessions.Count)
            {
                connection.Receive();
            }
        }
    }

    /// <summary>Sends what was written on all connections.</summary>
    public void Flush()
    {
        foreach (var connection in _connections)
        {
            connection.Flush();
        }
    }

    /// <summary>Handles what has arrived, and waits for something if nothing has.</summary>
    /// <param name="wait">How long to wait at most.</param>
    public void Pump(TimeSpan wait)
    {
        _ready.Clear();
        foreach (var connection in _connections)
        {
            _ready.Add(connection.Socket);
        }

        Socket.Select(_ready, null, null, wait);
        foreach (var socket in _ready)
        {
            _bySocket[socket].Receive();
        }
    }

    /// <inheritdoc/>
    public void OnMessage(Http2Connection connection, int stream, ReadOnlySpan<byte> message)
    {
        switch (WireFormat.GetTagFieldNumber(message[0]))
        {
            case ServiceMessage.WelcomeFieldNumber:
                _welcomed++;
                break;
            case ServiceMessage.HeartbeatReplyFieldNumber:
                Observer?.OnReply(_byConnection[connection][stream], message);
                break;
            case ServiceMessage.AssignmentFieldNumber:
                Observer?.OnAssignment(_byConnection[connection][stream], message);
                break;
            default:
                Notices++;
                break;
        }
    }

    /// <inheritdoc/>
    public void OnEnded(Http2Connection connection, int stream, string reason) =>
        throw new InvalidOperationException($"The server ended stream {stream}: {reason}");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private StreamSession OpenSession(Http2Connection connection, int number)
    {
        var session = new StreamSession(connection, connection.Open(_headers), _plan.GroupId(number), _plan.SessionId(number));
        var hello = new AdapterMessage
        {
            Hello = new Hello
            {
                Group = new GroupConfiguration { Id = session.GroupId, FailoverTimeout = Duration.FromTimeSpan(_plan.FailoverTimeout) },
                SessionId = session.SessionId,
                SessionName = session.SessionId,
                Mode = FailoverMode.Hot,
                AdapterVersion = "1.0.0",
                LibraryVersion = "1.0.0",
            },
        };
        var size = hello.CalculateSize();
        var payload = connection.WriteData(session.Stream, MessageAssembler.PrefixLength + size);
        payload[0] = 0;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(payload[1..], size);
        hello.WriteTo(payload[MessageAssembler.PrefixLength..]);
        return session;
    }
}
