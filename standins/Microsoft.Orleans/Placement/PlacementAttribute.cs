namespace Orleans.Placement;

[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public abstract class PlacementAttribute(PlacementStrategy placement) : Attribute
{
    public PlacementStrategy PlacementStrategy { get; } = placement;
}
