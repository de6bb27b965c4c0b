using ClientFailover.Engine;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>What may be asked of a session.</summary>
internal static class SessionRules
{
    // Keeps the end of an order within the calendar, whenever it is given.
    private static readonly TimeSpan LongestOrder = TimeSpan.FromDays(365_000);

    /// <summary>Checks the ids in the route of a session.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="groupId">The group's id.</param>
    /// <param name="sessionId">The session's id.</param>
    public static void CheckRoute(ref Violations violations, string groupId, string sessionId)
    {
        IdRules.Check(ref violations, groupId, "groupId", "group_id");
        IdRules.Check(ref violations, sessionId, "sessionId", "session_id");
    }

    /// <summary>Checks what a hello says of its session.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="hello">The hello.</param>
    /// <returns>What is asked for; of use only when nothing is wrong.</returns>
    public static RegisterSession Read(ref Violations violations, V1.Hello hello)
    {
        IdRules.Check(ref violations, hello.SessionId, "session_id", "hello.session_id");
        TextRules.Check(ref violations, hello.SessionName, TextRules.MaximumName, "session_name", "hello.session_name");
        if (hello.HasLastKnownTerm && hello.LastKnownTerm < 0)
        {
            violations.Add("last_known_term", "hello.last_known_term", "must be 0 or more, or absent");
        }

        return new RegisterSession(hello.SessionId, hello.SessionName, null);
    }

    /// <summary>Checks a registration.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="session">The session; null when absent.</param>
    /// <returns>What is asked for, with a new id when none was given; of use only when nothing is wrong.</returns>
    public static RegisterSession Read(ref Violations violations, V1.SessionRegistration? session)
    {
        if (session is null)
        {
            violations.Add("The body", "session", "must be a session; it may be empty");
            return new RegisterSession("", null, null);
        }

        var id = session.HasId ? session.Id : Guid.NewGuid().ToString();
        IdRules.Check(ref violations, id, "Id", "session.id");
        TextRules.Check(ref violations, session.Name, TextRules.MaximumName, "Name", "session.name");
        var data = AdditionalDataRules.Read(ref violations, session.AdditionalData, "session.additional_data");
        return new RegisterSession(id, session.HasName ? session.Name : null, data);
    }

    /// <summary>Checks an order about a session's role.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="sessionId">The session's id.</param>
    /// <param name="order">The order; null when absent.</param>
    /// <returns>The order; of use only when nothing is wrong.</returns>
    public static SetRoleOverride Read(ref Violations violations, string sessionId, V1.RoleOverrideOrder? order)
    {
        if (order is not { HasValue: true } || !Enum.IsDefined((RoleOverride)order.Value))
        {
            violations.Add("Value", "role_override.value", "is required and must be Off (0), Primary (1) or Secondary (2)");
            return new SetRoleOverride(sessionId, RoleOverride.Off, null);
        }

        var value = (RoleOverride)order.Value;
        var period = value == RoleOverride.Off
            ? null
            : TimeRules.Read(
                ref violations,
                order.ExpirationPeriod,
                TimeSpan.FromTicks(1),
                LongestOrder,
                "ExpirationPeriod",
                "role_override.expiration_period");
        return new SetRoleOverride(sessionId, value, period);
    }
}
