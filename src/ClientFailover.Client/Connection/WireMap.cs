using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Client.Connection;

/// <summary>Responsible for the stream's messages in the words of this library, and back. The one place that knows both.</summary>
internal static class WireMap
{
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    /// <summary>Says who joins.</summary>
    public static V1.AdapterMessage ToHello(this JoinRequest request, Endpoint endpoint)
    {
        var hello = new V1.Hello
        {
            TenantId = endpoint.Tenant,
            NamespaceId = endpoint.Namespace,
            Group = new V1.GroupConfiguration { Id = request.GroupId, FailoverTimeout = Duration.FromTimeSpan(request.FailoverTimeout) },
            SessionId = request.SessionId,
            SessionName = request.SessionName,
            Mode = request.Mode switch
            {
                FailoverMode.Hot => V1.FailoverMode.Hot,
                FailoverMode.Warm => V1.FailoverMode.Warm,
                _ => V1.FailoverMode.Cold,
            },
            AdapterVersion = AdapterProgram.Version,
            LibraryVersion = AdapterProgram.LibraryVersion,
            OnServiceLost = request.OnServiceLost == OnServiceLost.StepDown ? V1.OnServiceLost.StepDown : V1.OnServiceLost.KeepRole,
            SourceTimestamps = request.SourceTimestamps,
        };
        if (request.LastKnownTerm is { } term)
        {
            hello.LastKnownTerm = term;
        }

        return new V1.AdapterMessage { Hello = hello };
    }

    /// <summary>A heartbeat.</summary>
    public static V1.AdapterMessage ToMessage(this Beat beat) => new()
    {
        Heartbeat = new V1.StreamHeartbeat
        {
            Sequence = beat.Sequence,
            FailoverScore = beat.Report.FailoverScore,
            LastDataProcessedTime = ToTimestamp(beat.Report.LastDataProcessedTime),
            AdapterTime = Timestamp.FromDateTimeOffset(beat.Time),
        },
    };

    /// <summary>The answer to hello.</summary>
    public static Told.Welcome ToTold(this V1.Welcome welcome, TimeSpan asked)
    {
        var timeout = Positive(welcome.Group?.FailoverTimeout) ?? asked;
        return new Told.Welcome(
            timeout, Positive(welcome.HeartbeatInterval) ?? timeout / 3, ToRole(welcome.Role), welcome.Term, ToTime(welcome.LastDataProcessedTime));
    }

    /// <summary>Anything else; null: of a newer contract, to be passed over.</summary>
    public static Told? ToTold(this V1.ServiceMessage message) => message.MessageCase switch
    {
        V1.ServiceMessage.MessageOneofCase.HeartbeatReply => new Told.Reply(
            message.HeartbeatReply.Sequence,
            ToRole(message.HeartbeatReply.Role),
            message.HeartbeatReply.Term,
            ToTime(message.HeartbeatReply.LastDataProcessedTime)),
        V1.ServiceMessage.MessageOneofCase.Assignment => new Told.Assignment(
            ToRole(message.Assignment.Role),
            message.Assignment.Term,
            message.Assignment.Reason == V1.Reason.Unspecified ? null : message.Assignment.Reason.ToString(),
            ToTime(message.Assignment.LastDataProcessedTime),
            message.Assignment.LastDataProcessedTimeExact,
            message.Assignment.DrainDeadline is { } left ? Positive(left) ?? TimeSpan.Zero : null),
        V1.ServiceMessage.MessageOneofCase.Notice => ToTold(message.Notice),
        _ => null,
    };

    /// <summary>A time; null: none.</summary>
    public static Timestamp? ToTimestamp(DateTimeOffset? time) => time is { } known ? Timestamp.FromDateTimeOffset(known) : null;

    private static Told? ToTold(V1.Notice notice) => notice.Kind switch
    {
        V1.Notice.Types.Kind.ShuttingDown => new Told.ShuttingDown(
            [.. notice.Endpoints.Select(e => Uri.TryCreate(e, UriKind.Absolute, out var uri) ? uri : null).OfType<Uri>()], Positive(notice.RetryAfter)),
        V1.Notice.Types.Kind.CredentialExpiring => new Told.CredentialExpiring(),
        V1.Notice.Types.Kind.HeartbeatTooSoon => new Told.TooSoon(notice.HasSequence ? notice.Sequence : null, Positive(notice.RetryAfter)),
        V1.Notice.Types.Kind.HeartbeatInvalid => new Told.Invalid(notice.HasSequence ? notice.Sequence : null, notice.Message),
        _ => null,
    };

    // A role of a newer contract is none that egresses.
    private static FailoverRole ToRole(V1.Role role) => role switch
    {
        V1.Role.Primary => FailoverRole.Primary,
        V1.Role.PendingPrimary => FailoverRole.PendingPrimary,
        _ => FailoverRole.Secondary,
    };

    private static DateTimeOffset? ToTime(Timestamp? time) =>
        time is null || time.Seconds is <= FirstSecond or > LastSecond || time.Nanos is < 0 or > 999_999_999 ? null : time.ToDateTimeOffset();

    private static TimeSpan? Positive(Duration? span) =>
        span is { Seconds: >= 0 and < 315_576_000_000, Nanos: >= 0 and <= 999_999_999 } && span.ToTimeSpan() is { Ticks: > 0 } time ? time : null;
}
