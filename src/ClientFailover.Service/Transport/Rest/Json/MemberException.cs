using ClientFailover.Service.Transport.Errors;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>
/// A member of a body cannot be read. Not a JsonException on purpose: transcoding keeps the text of every other
/// exception, but replaces that of a JsonException by one that names no member.
/// </summary>
/// <param name="member">The member.</param>
/// <param name="allowed">What is allowed: "must be ...".</param>
internal sealed class MemberException(string member, string allowed)
    : Exception(Failures.Invalid([new Violation(member, member, allowed)]).Message);
