using System.Buffers.Binary;
using Google.Protobuf.Reflection;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Responsible for native calls: every method with messages of every kind, framed rightly and wrongly.</summary>
/// <param name="random">Decides.</param>
internal sealed class CallGenerator(Random random)
{
    private static readonly MethodDescriptor[] Methods =
    [
        .. new[]
        {
            V1.VersionReflection.Descriptor, V1.GroupsReflection.Descriptor, V1.SessionsReflection.Descriptor, V1.EventsReflection.Descriptor, V1.AdapterReflection.Descriptor,
            global::Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor, global::Grpc.Health.V1.HealthReflection.Descriptor,
        }.SelectMany(f => f.Services).SelectMany(s => s.Methods),
    ];

    // Most callers are refused by these, and see nothing of what is behind.
    private static readonly MethodDescriptor[] OfAdministrators =
    [
        .. new[] { V1.AccessControlReflection.Descriptor, V1.TenantsReflection.Descriptor, V1.ConfigurationReflection.Descriptor }
            .SelectMany(f => f.Services).SelectMany(s => s.Methods),
    ];

    private static readonly (string, string)[] Usual = [("content-type", "application/grpc"), ("te", "trailers")];

    private static readonly (string, string)[] Odd =
    [
        ("grpc-timeout", "1n"), ("grpc-timeout", "99999999H"), ("grpc-timeout", "x"), ("grpc-timeout", "5S"), ("grpc-timeout", "-1S"), ("grpc-encoding", "gzip"), ("grpc-encoding", "x"),
        ("grpc-accept-encoding", "gzip"), ("content-encoding", "gzip"), ("a-bin", "!!!"), ("traceparent", "00-0-0-0"), ("content-length", "3"), ("x", new string('x', 5_000)),
        ("user-agent", "\u00ff"), ("Upper", "x"), ("connection", "close"), (":late", "x"), ("cookie", "a=b"), ("expect", "100-continue"), ("authorization", "Basic x"),
    ];

    private readonly MessageGenerator _messages = new(random);

    /// <summary>Whether a call is one for administrators.</summary>
    /// <param name="path">The call.</param>
    public static bool IsAdministrators(string path) =>
        path is "/clientfailover.v1.GroupService/DeleteGroup" or "/clientfailover.v1.SessionService/SetRoleOverride" || IsAbout(path, "AccessControl") || IsOfService(path);

    /// <summary>Whether a call is one for administrators of the service.</summary>
    /// <param name="path">The call.</param>
    public static bool IsOfService(string path) => IsAbout(path, "Tenant") || IsAbout(path, "Configuration");

    /// <summary>The next call.</summary>
    public CallInput Next()
    {
        var (sender, authorization) = random.Sender();
        var method = random.Of<MethodDescriptor>(random.Chance(85) ? Methods : OfAdministrators);
        var path = $"/{method.Service.FullName}/{method.Name}";

        // An administrator's account deletes little, and never what must not change: what others are let do, as a whole, and the
        // service itself.
        var isOfAll = IsOfService(path) || method.Name == "SetGroupsAccessControl";
        if (sender == Sender.Administrator && IsAdministrators(path) && (isOfAll || random.Chance(80)))
        {
            sender = Sender.User;
        }

        if (random.Chance(2))
        {
            path = random.Of(path + "x", path.ToUpperInvariant(), "/", path + "/", "/" + random.Segment(), "*", path + "?a=b", "/api/v1/clientfailover");
        }

        List<(string, string)> headers = [.. Usual];
        if (random.Chance(3))
        {
            headers[0] = ("content-type", random.Of("application/grpc+json", "application/grpc-web", "application/grpc-web-text", "application/json", "", "application/grpc+proto"));
        }

        if (random.Chance(3))
        {
            headers.Add(random.Of<(string, string)>(Odd));
        }

        // The user tries an administrator's calls on what nobody may change.
        var data = Data(method, sender == Sender.User && IsAdministrators(path) ? Sender.Nobody : sender);
        var neverEnds = method.Name is "WatchEvents" or "Watch";
        var end = neverEnds ? random.Of(CallEnd.Reset, CallEnd.ResetLater) : random.Next(20) switch
        {
            0 => CallEnd.Reset,
            1 => CallEnd.ResetLater,
            _ => CallEnd.Complete,
        };
        return new CallInput(sender, authorization, path, [.. headers], data, end);
    }

    /// <summary>Frames as they come: of every type, on any stream, with lengths that may be wrong.</summary>
    public FrameInput NextFrames()
    {
        var bytes = new List<byte>();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            var payload = new byte[random.Of(0, 1, 4, 5, 6, 8, 9, 100, 16_384)];
            random.NextBytes(payload);
            var stream = random.Of(0, 1, 1, 3, 5, 2, 4, int.MaxValue, -1);
            var type = (byte)random.Of(0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 200);
            if (type == Http2Connection.Headers && random.Chance(60))
            {
                payload = Hpack.Encode([(":method", "POST"), (":scheme", "http"), (":path", "/clientfailover.v1.AdapterService/Connect"), .. Usual]);
                payload = random.Chance(50) ? random.Mutate(payload) : payload;
            }

            Http2Connection.Write(
                bytes, type, (byte)random.Of(0, 1, 4, 5, 8, 0x20, random.Next(256)), stream, payload, random.Chance(8) ? random.Of(0, 1, 9, 16_385, 0xffffff) : null);
        }

        return new FrameInput(random.Chance(30) ? random.Mutate([.. bytes]) : [.. bytes]);
    }

    private static bool IsAbout(string path, string service) => path.StartsWith($"/clientfailover.v1.{service}Service/", StringComparison.Ordinal);

    private byte[][] Data(MethodDescriptor method, Sender sender)
    {
        // A stream is a conversation: hello first, most of the time, then whatever comes.
        var count = method.IsClientStreaming ? random.Next(1, 8) : random.Chance(3) ? random.Of(0, 2, 3) : 1;
        var messages = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            messages.Add(i == 0 && method.InputType == V1.AdapterMessage.Descriptor && random.Chance(80)
                ? Framed(Hello(sender))
                : Framed(_messages.Next(method.InputType, sender)));
        }

        return random.Next(20) switch
        {
            // Messages that share frames, or are spread over them.
            0 => [[.. messages.SelectMany(m => m)]],
            1 => [.. messages.SelectMany(m => m).Chunk(random.Next(1, 12)).Take(200)],
            2 => [.. messages, []],
            _ => [.. messages],
        };
    }

    private byte[] Hello(Sender sender)
    {
        var hello = _messages.Next(V1.Hello.Descriptor, sender);
        var size = new List<byte>();
        var length = hello.Length;
        for (; length >= 0x80; length >>= 7)
        {
            size.Add((byte)(length | 0x80));
        }

        return [0x0a, .. size, (byte)length, .. hello];
    }

    private byte[] Framed(byte[] message)
    {
        var prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), message.Length);
        if (random.Chance(4))
        {
            prefix[0] = (byte)random.Of(1, 2, 255);
        }

        if (random.Chance(4))
        {
            BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), random.Of(0, message.Length + 1, Math.Max(0, message.Length - 1), int.MaxValue, -1, 300_000));
        }

        byte[] framed = [.. prefix, .. message];
        return random.Chance(2) ? framed[..random.Next(framed.Length)] : framed;
    }
}
