using System.Globalization;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>Where something is in a document, as REST and as gRPC have it.</summary>
/// <param name="Member">Documented REST name, such as <c>HealthEndpoints[1].Endpoint</c>; empty: the body itself.</param>
/// <param name="Field">Path in the gRPC request, such as <c>health_endpoints[1].endpoint</c>.</param>
internal readonly record struct Place(string Member, string Field)
{
    /// <summary>An object of a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="index">The object's index.</param>
    /// <param name="isAlone">Whether it is the one that is added: its members are named as if there were no list.</param>
    /// <returns>The place.</returns>
    public static Place InList(Place list, int index, bool isAlone = false) => new(
        isAlone ? "" : string.Create(CultureInfo.InvariantCulture, $"{list.Member}[{index}]"),
        string.Create(CultureInfo.InvariantCulture, $"{list.Field}[{index}]"));

    /// <summary>A member of it.</summary>
    /// <param name="member">The member's documented REST name.</param>
    /// <param name="field">The member's name in the contract.</param>
    /// <returns>The place.</returns>
    public Place Of(string member, string field) => new(Member.Length == 0 ? member : $"{Member}.{member}", $"{Field}.{field}");
}
